/** Options that name one file: which pairs are found, and which of them a start bears. */
import t from 'tap';
import {
  isBearable,
  namedFiles,
  sharedFiles,
  sharingFailure,
  type LocatedFile,
} from '../../src/core/command-line/shared-files.js';
import { chooseCommand } from '../../src/core/command-line/command.js';
import { parseOptions } from '../../src/core/command-line/option-parser.js';

const system = { names: { SIGTERM: 15 }, highest: 64, longestSocketPath: 108 };

/** Links and directories are the system's to know: here a path is the same by its last part. */
function filesOf(line: string): LocatedFile[] {
  const words = `${line} P`.trim().split(' ');
  const command = chooseCommand(parseOptions(words, { posixlyCorrect: false }), system);
  if (!command.ok || command.value.type !== 'start') throw new Error(line);
  return namedFiles(command.value).map((file) => ({ ...file, at: file.path.replace(/.*\//, '') }));
}

const pairs: readonly (readonly [line: string, shared: string, outcome: 'borne' | number])[] = [
  ['--path=a --path=./a', '--path=./a --path=a', 255],
  ['--path=a --control=./a', '--path=a --control=./a', 1],
  ['--path=a --pid-file=a', '--path=a --pid-file=a', 1],
  ['--path=a --log-file=a', '--path=a --log-file=a', 1],
  ['--path=a --status-file=a', '--path=a --status-file=a', 'borne'],
  ['--control=a --pid-file=a', '--control=a --pid-file=a', 1],
  ['--control=a --log-file=a', '--control=a --log-file=a', 1],
  ['--control=a --status-file=a', '--control=a --status-file=a', 1],
  ['--pid-file=a --status-file=a', '--status-file=a --pid-file=a', 'borne'],
  ['--pid-file=a --log-file=a', '--pid-file=a --log-file=a', 'borne'],
  ['--status-file=a --log-file=a', '--status-file=a --log-file=a', 'borne'],
];

t.test('two options of one command line', (t) => {
  for (const [line, expected, outcome] of pairs) {
    const found = sharedFiles(filesOf(line));
    const inWords = found.map(({ one, other }) => `${one.option}=${one.path} ${other.option}=${other.path}`);
    t.same(inWords, [expected], line);
    const outcomes = found.map((shared) => (isBearable(shared) ? 'borne' : sharingFailure(shared).exitCode));
    t.same(outcomes, [outcome], line);
  }
  t.end();
});

t.test('nothing is shared by others', (t) => {
  for (const line of [
    '',
    '--path=a --path=b --control=c --pid-file=p --status-file=s --log-file=l',
    '--log-file=|a --path=a',
  ])
    t.same(sharedFiles(filesOf(line)), [], line);
  t.same(sharedFiles(filesOf('--path=a --path=a')), [], 'the same words are told as such');
  t.end();
});

const successions: readonly (readonly [inForce: string, wanted: string, shared: string])[] = [
  ['--path=a --pid-file=p', '--path=./a --pid-file=p', ''],
  ['--pid-file=a --status-file=a', '--pid-file=a --status-file=b', ''],
  ['--pid-file=a --status-file=a', '--pid-file=a --status-file=a', '--status-file=a --pid-file=a'],
  ['--path=a', '--status-file=a', '--status-file=a --path=a in force'],
  ['--path=a', '--path=a --status-file=b --log-file=./a', '--path=a --log-file=./a'],
  ['--status-file=s', '--path=s', '--path=s --status-file=s in force'],
  ['--log-file=l', '--log-file=m --status-file=l', '--status-file=l --log-file=l in force'],
];

t.test('a file that another option has in the command line in force', (t) => {
  for (const [inForce, wanted, expected] of successions) {
    const found = sharedFiles(filesOf(wanted), filesOf(inForce)).map(
      (one) =>
        `${one.one.option}=${one.one.path} ${one.other.option}=${one.other.path}${one.isInForce ? ' in force' : ''}`,
    );
    t.equal(found.join(), expected, `${inForce}, then ${wanted}`);
  }
  t.end();
});
