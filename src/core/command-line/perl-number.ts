/**
 * Numbers as Perl reads them from text and prints them again. Operators see both: `--kill-old-delay=1_000` reaches the
 * workers as `KILL_OLD_DELAY=1000`, and `KILL_OLD_DELAY=2x` in the environment is a delay of two seconds.
 */

const largestUnsigned = 2n ** 64n - 1n;
const smallestSigned = -(2n ** 63n);

/**
 * What Perl prints for a whole number: `digits` is an optional sign and decimal digits. Beyond 64 bits it becomes a
 * floating point number with 15 significant digits, `1e+20`.
 */
export function printedInteger(digits: string): string {
  const value = BigInt(digits.replace(/^\+/, ''));
  if (value >= smallestSigned && value <= largestUnsigned) return String(value);
  const rounded = Number(value);
  if (!Number.isFinite(rounded)) return rounded > 0 ? 'Inf' : '-Inf';
  return rounded.toPrecision(15).replace(/\.?0*e/, 'e');
}

/**
 * Digits that are printed as this, since a command line has no other numbers: the other way round. A fraction, which only
 * a program gives, stays as it is.
 */
export function typedInteger(printed: string): string {
  if (/^-?\d+$/.test(printed)) return printed;
  const [, sign = '', isInfinite] = /^(-?)(Inf)?/.exec(printed) ?? [];
  if (isInfinite !== undefined) return `${sign}1${'0'.repeat(309)}`;
  const value = Number(printed);
  return Number.isInteger(value) ? String(BigInt(value)) : printed;
}

/** Perl also reads what Windows writes for infinity and for what is no number: 1.#INF, 1.#IND. */
const beginning =
  /^[ \t\n\r\f\v]*([-+]?)(?:(?:1\.?#)?(inf)|((?:1\.?#)?[qs]?nan|1\.?#ind)|((?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?))/i;

/**
 * The number at the start of a text, 0 where there is none: leading white space, sign, fraction and exponent count,
 * anything after them is disregarded, as Perl does (with a warning that is not repeated here). `nan` is NaN, which is
 * neither 0 nor above nor below any number.
 */
export function numericPrefix(text: string): number {
  const [, sign, infinite, none, digits = '0'] = beginning.exec(text) ?? [];
  if (none !== undefined) return NaN;
  const magnitude = infinite === undefined ? Number(digits) : Infinity;
  return sign === '-' && magnitude !== 0 ? -magnitude : magnitude;
}
