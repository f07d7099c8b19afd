import fc from 'fast-check';
import t from 'tap';
import { numericPrefix, printedInteger } from '../../src/core/command-line/perl-number.js';
import { askPerl, withoutPerl } from '../helpers/running/original.js';

const skip = withoutPerl();

t.test('whole numbers are printed as Perl prints them', { skip }, (t) => {
  const sign = fc.constantFrom('', '-', '+', '00', '-0');
  const digits = fc.oneof(
    fc.bigInt(0n, 10n ** 40n).map(String),
    fc.bigInt(2n ** 63n - 2n, 2n ** 64n + 2n).map(String),
    fc.nat(100).map((length) => '9'.repeat(length * 4 + 1)),
  );
  const texts = fc.sample(
    fc.tuple(sign, digits).map((parts) => parts.join('')),
    { numRuns: 2000, seed: 1 },
  );
  t.same(texts.map(printedInteger), askPerl('numbers.pl', texts));
  t.end();
});

t.test('a number is read from the start of a text as Perl reads it', { skip }, (t) => {
  const piece = fc.constantFrom(
    '',
    ' ',
    '\t\n',
    '\v',
    '-',
    '+',
    '0',
    '2',
    '15',
    '.',
    '.5',
    'e',
    'E3',
    'e-2',
    'x',
    '_',
    'inf',
    '\xa0',
    'INFinity',
    'nan',
    'qNaN',
    '1.#INF',
    '1#',
    'ind',
  );
  const texts = fc.sample(
    fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join('')),
    { numRuns: 4000, seed: 2 },
  );
  const expected = askPerl('numbers.pl', texts).map((number) => Number(number.replace('Inf', 'Infinity')));
  t.same(texts.map(numericPrefix).map(printable), expected.map(printable));
  t.end();
});

/** Perl prints 15 significant digits, and tap sees a difference between 0 and -0. */
function printable(number: number): string {
  return String(Number(number.toPrecision(15)));
}
