import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { parseOptions } from '../../src/core/command-line/option-parser.js';
import { camelCase, optionTable, type OptionRow, type Options } from '../../src/core/command-line/option-table.js';
import { askPerl, originalStarter, withoutPerl } from '../helpers/running/original.js';

const table: readonly OptionRow[] = optionTable;
const original = table.filter((row) => !row.full);
const specifications = original.map(({ name, kind }) => {
  return kind === 'flag' ? name : `${name}=${kind === 'integer' ? 'i' : 's'}`;
});

/** What ours adds to an error; the values before it may have newlines in them. */
const remedy = /; (?:did you mean --|start_server --help|type more of|write (?:it as )?--|give a whole number)[^;]*$/;

interface Line {
  readonly posixlyCorrect: boolean;
  readonly words: readonly string[];
}

interface Reading {
  readonly errors: readonly string[];
  readonly program: readonly string[];
  readonly values: readonly (readonly string[])[];
}

const recased = (text: string) =>
  fc.tuple(fc.nat(9), fc.nat(text.length)).map(([dice, at]) => {
    if (dice > 1) return text;
    return dice === 0 ? text.toUpperCase() : text.slice(0, at) + text.slice(at).toUpperCase();
  });
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...original.map((row) => row.name)) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...original.map((row) => row.name)), fc.nat(20))
      .map(([full, length]) => full.slice(0, 1 + (length % full.length))),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '',
      'x',
      'no-stop',
      'nodaemonize',
      'signal_on_hup',
      'i0',
      'ports',
      '-port',
      '=',
      '=p',
      '.',
      'p\n',
      '\xc9',
      'D\xe9',
    ),
  },
);
const value = fc.oneof(
  fc.constantFrom('', '0', '1', '-1', '+1', '1_000', '1__0', '_1', '1_', '+1_0', '007', '-0', '-_5_', '5\n', '5\n\n'),
  fc.constantFrom('99999999999999999999', '18446744073709551615', '18446744073709551616', '-9223372036854775809'),
  fc.constantFrom('1.5', 'abc', '0x10', ' 5', '5 ', '1e3', '\xbd', '\xef\xbc\x91', '+', '-', '+-1', '_', 'a=b', '='),
  fc.constantFrom('--', '-x', '+x', '--stop', '-TERM', '\xff\xfe', 'two words', 'line\nbreak'),
  fc
    .tuple(fc.constantFrom('', '-', '+'), fc.bigInt(0n, 10n ** 40n))
    .map(([sign, digits]) => `${sign}${String(digits)}`),
);
const optionWord = fc
  .tuple(fc.constantFrom('--', '--', '--', '-', '-', '+', '---', '++'), name.chain(recased), fc.option(value))
  .map(([prefix, option, attached]) => prefix + option + (attached === null ? '' : `=${attached}`));
const word = fc.oneof(
  { weight: 8, arbitrary: optionWord },
  { weight: 4, arbitrary: value },
  { weight: 2, arbitrary: fc.constantFrom('P', 'sh', '-c', 'a', 'b', '-', '') },
  { weight: 1, arbitrary: fc.constant('--') },
);
const line: fc.Arbitrary<Line> = fc.record({
  posixlyCorrect: fc.nat(3).map((dice) => dice === 0),
  words: fc.array(word, { maxLength: 7 }),
});

function ours({ posixlyCorrect, words }: Line): Reading {
  const { options, program, errors } = parseOptions(words, { posixlyCorrect, table: original });
  const values: Readonly<Record<string, Options[keyof Options]>> = options;
  return {
    errors: errors.filter((error) => !error.startsWith('if "')).map((error) => error.replace(remedy, '')),
    program,
    values: original.map((row) => printed(values[camelCase(row.name)])),
  };
}

/** An option's value as Perl would print it, in a list that is empty where it was not given. */
function printed(given: Options[keyof Options]): readonly string[] {
  if (given === undefined) return [];
  if (given === true) return ['1'];
  if (typeof given === 'string') return [given];
  return 'text' in given ? [given.text] : given;
}

function perls(lines: readonly Line[]): Reading[] {
  const answers = askPerl('getopt.pl', [
    String(specifications.length),
    ...specifications,
    ...lines.flatMap(({ posixlyCorrect, words }) => [posixlyCorrect ? '1' : '0', String(words.length), ...words]),
  ]);
  let at = 0;
  const list = () => {
    const start = at + 1;
    at = start + Number(answers[at]);
    return answers.slice(start, at);
  };
  return lines.map(() => ({ errors: list(), program: list(), values: specifications.map(list) }));
}

t.test('5,000 command lines are read as Getopt::Long reads them', { skip: withoutPerl() }, (t) => {
  const lines = fc.sample(line, { numRuns: 5000, seed: 20120 });
  const expected = perls(lines);
  t.equal(expected.filter(({ errors }) => errors.length === 0).length > 500, true, 'many of them without mistakes');
  for (const [index, each] of lines.entries()) {
    const found = ours(each);
    if (JSON.stringify(found) !== JSON.stringify(expected[index])) t.same(found, expected[index], JSON.stringify(each));
  }
  t.end();
});

const starter = originalStarter();
t.test('the table has every option of the original', { skip: starter === undefined && 'no original here' }, (t) => {
  const list = /qw\(([^)]*)\)\s*,\s*\)\s*or exit/.exec(readFileSync(starter ?? '', 'latin1'))?.[1] ?? '';
  t.same([...specifications].sort(), list.trim().split(/\s+/).sort());
  t.end();
});
