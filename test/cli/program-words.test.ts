/** Which words are the program's, and that they reach it unchanged. */
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { firstWorker } from '../helpers/running/first-worker.js';
import { parseDump, probe } from '../helpers/processes/probe.js';
import { plainEnvironment, Run, type RunOptions } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';

/** Starts the command with these words, where D stands for the file that the probe writes; gives the worker's argv. */
async function argvOf(t: Test, words: readonly string[], how: RunOptions = {}): Promise<string[]> {
  const file = join(workspace(t), 'dump');
  const run = new Run(
    t,
    words.map((word) => (word === 'D' ? file : word === 'P' ? probe() : word)),
    how,
  );
  await eventually('the worker', () => existsSync(file), { seen: () => run.stderr });
  await run.stop();
  const { argv } = parseDump(readFileSync(file, 'latin1'));
  return argv.map((word) => (word === file ? 'D' : word === probe() ? 'P' : word));
}

const commandLines: readonly (readonly [words: readonly string[], argv: readonly string[]])[] = [
  [
    ['--interval=0', 'P', 'a', '--', '-o', 'D'],
    ['P', 'a', '-o', 'D'],
  ],
  [
    ['P', 'a', '--interval', '0', 'b', '--', '-o', 'D'],
    ['P', 'a', 'b', '-o', 'D'],
  ],
  [
    ['--interval=0', '--', 'P', '-o', 'D', '-M', 'x', '--', '--help', '--', 'y'],
    ['P', '-o', 'D', '-M', 'x', '--', '--help', '--', 'y'],
  ],
  [
    ['--interval=0', 'P', 'a', '--', '-o', 'D', '--', 'c'],
    ['P', 'a', '-o', 'D', '--', 'c'],
  ],
  [
    ['-int', '0', '+po=0', '--PATH=s', 'P', '-', '--', '-o', 'D'],
    ['P', '-', '-o', 'D'],
  ],
  [
    ['--interval=0', '--', 'P', '-o', 'D', '', ' ', 'two words', '*', '$HOME', '"', "'", '\n', '--', ''],
    ['P', '-o', 'D', '', ' ', 'two words', '*', '$HOME', '"', "'", '\n', '--', ''],
  ],
];
t.test('the program gets its words as they were typed', async (t) => {
  const cwd = workspace(t);
  for (const [words, argv] of commandLines) t.same(await argvOf(t, words, { cwd }), argv, words.join(' '));
});

t.test('with POSIXLY_CORRECT, be it empty, the first word that is no option ends the options', async (t) => {
  const env = { ...plainEnvironment(), POSIXLY_CORRECT: '' };
  const words = ['P', '--interval=0', '-o', 'D'];
  t.same(await argvOf(t, ['--interval=0', ...words], { env }), words);
  const run = new Run(t, ['--interval=0', '+interval=0', 'x'], { env });
  await run.sees(/^failed to exec \+interval=0:No such file or directory$/);
  await run.stop();
});

t.test('bytes that are not UTF-8 reach the worker', async (t) => {
  const bytes = '"$(printf "\\377\\303(\\001")"';
  const under = ['sh', '-c', `ss=$1; shift; exec "$ss" "$@" ${bytes}`, 'sh'];
  const { run, dump } = await firstWorker(t, [], { under, words: ['\u00e9\u20ac', 'last'] });
  t.same(dump.argv.slice(3), ['\xc3\xa9\xe2\x82\xac', 'last', '\xff\xc3(\x01']);
  await run.stop();
});

t.test('- alone is a program like any other', async (t) => {
  const directory = workspace(t);
  symlinkSync(probe(), join(directory, '-'));
  const env = { ...plainEnvironment(), PATH: `${directory}:${process.env['PATH'] ?? ''}` };
  t.same(await argvOf(t, ['--interval=0', '-', '--', '-o', 'D'], { env }), ['-', '-o', 'D']);
});

t.test('of two -- the second is the program', async (t) => {
  const run = new Run(t, ['--interval=0', '--', '--', 'P']);
  await run.sees(/^failed to exec --:No such file or directory$/);
  t.same(await run.stop(), { code: 0, signal: null });
});

t.test('many long words', async (t) => {
  const words = Array.from({ length: 1000 }, (_, index) => String(index).repeat(20));
  const { run, dump } = await firstWorker(t, [], { words });
  t.same(dump.argv.slice(3), words);
  await run.stop();
});
