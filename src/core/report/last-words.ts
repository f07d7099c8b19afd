/**
 * Which lines of a worker that has failed tell why. Some languages name the error first (Ruby, Go, Java), some last
 * (Python, Perl), Node.js behind a piece of source and before its stack; and a program may have said much before.
 */

/** How many lines are kept: at the beginning, at the end, and between them of those that look like an error's name. */
const mostFirst = 10;
const mostLast = 10;
const mostNames = 3;

/** A line may be a whole minified program. */
const longestLine = 500;

/** Stands for lines that were left out. */
const leftOut = '...';

/** How a line that names an error begins or ends, by language. */
const namesOfErrors = [
  /^(?:[\w$]+(?:\.|::))*\w*(?:Error|Exception)(?: \[\w+\])?: /, // Node.js, Python, Java
  /\((?:\w+::)*\w*Error\)$/, // Ruby
  /^(?:panic|fatal error): /, // Go
  /^(?:Caused by: |Exception in thread )/, // Java
  /^\S.* at \S+ line \d+\.?$/, // Perl
];

/** `first` and `last`: whole lines from the two ends of its output; where `first` is all of it, `last` is empty. */
export function lastWords(first: readonly string[], last: readonly string[]): string[] {
  const beginning = first.slice(0, mostFirst);
  const ends = last.length === 0 ? first.slice(mostFirst) : last;
  const between = [...(last.length === 0 ? [] : first.slice(mostFirst)), ...ends.slice(0, -mostLast)];
  const names = between.filter(isNameOfError).slice(-mostNames);
  const isWhole = last.length === 0 && between.length === 0;
  const middle = isWhole ? [] : names.length === 0 ? [leftOut] : [leftOut, ...names, leftOut];
  return [...beginning, ...middle, ...ends.slice(-mostLast)].map(shortened);
}

/**
 * The first line and, where another one names the error, that behind it: node begins with the place. Undefined where nothing
 * is said.
 */
export function inOneLine(lines: readonly string[]): string | undefined {
  const [first, ...others] = lines.filter((line) => line.trim() !== '');
  if (first === undefined || isNameOfError(first)) return first;
  const name = others.find(isNameOfError);
  return name === undefined ? first : `${first}: ${name}`;
}

function isNameOfError(line: string): boolean {
  return namesOfErrors.some((pattern) => pattern.test(line));
}

function shortened(line: string): string {
  return line.length <= longestLine ? line : `${line.slice(0, longestLine)}${leftOut}`;
}

/** Whether two failures have said the same, numbers aside: pids and times are never the same. */
export function sameWords(one: readonly string[], other: readonly string[]): boolean {
  return withoutNumbers(one) === withoutNumbers(other);
}

function withoutNumbers(lines: readonly string[]): string {
  return lines.join('\n').replace(/\d+/g, '0');
}
