/** --envdir. When it is read, and what removing a file does, is in rows 03, 12 and 19 of the differences. */
import t from 'tap';
import {
  ended,
  kill,
  reload,
  remove,
  rename,
  signal,
  started,
  wait,
  write,
  type Prepared,
  type Scenario,
} from '../helpers/side-by-side/scenario.js';
import { sideBySide } from '../helpers/side-by-side/side-by-side.js';

const options = ['--envdir=e'];
const steps = reload();

/** What a file holds; the worker shows what it got. */
const values: Readonly<Record<string, string>> = {
  'a line': 'value\n',
  'no newline': 'value',
  'several lines': 'first\nsecond\n',
  'a carriage return': 'value\r\n',
  'blanks and tabs': ' \t value \t \n',
  'a NUL': 'before\0after\n',
  'a blank line': '\n',
  'a blank line and another': '\nsecond\n',
  nothing: '',
  'bytes that are not UTF-8': '\xff\xc3\x28\n',
  'what a shell would expand': '$HOME `id` \\n "\'\n',
  'a kilobyte': `${'x'.repeat(1024)}\n`,
};

const names = ['x~', 'x.swp', 'a-b', '1NUM', 'NAME WITH SPACE', 'A=B', '.hidden', '..odd', '#x#', 'lower'];

const odd: Readonly<Record<string, Readonly<Record<string, Prepared>>>> = {
  'a link to a file': { 'e/LINK': { link: '../value' }, value: 'through the link\n' },
  'a dangling link': { 'e/LINK': { link: 'nowhere' } },
  'a subdirectory': { 'e/SUB/X': 'unseen\n' },
  'a link to a directory': { 'e/LINK': { link: '..' } },
  'no directory': {},
  'a file in its place': { e: 'text\n' },
  'a link to the directory': { e: { link: 'real' }, 'real/X': 'real\n' },
  'an empty directory': { 'e/': '' },
};

sideBySide(t, {
  ...Object.fromEntries(
    Object.entries(values).map(([name, text]): [string, Scenario] => [
      `a value: ${name}`,
      { options, files: { 'e/VALUE': text, 'e/OUTER': text }, env: { OUTER: 'outer' }, steps },
    ]),
  ),
  ...Object.fromEntries(
    names.map((name): [string, Scenario] => [
      `the name ${name}`,
      { options, files: { [`e/${name}`]: 'taken\n' }, steps: [started(1)] },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(odd).map(([name, files]): [string, Scenario] => [name, { options, files, steps }]),
  ),
  '--envdir of an empty text': { options: ['--envdir', ''], steps },
  '--envdir=0': { options: ['--envdir=0'], files: { '0/X': 'x\n' }, steps },
  'ENVDIR in the environment': { env: { ENVDIR: 'e' }, files: { 'e/X': 'x\n' }, steps },
  '--envdir goes before ENVDIR': {
    options,
    env: { ENVDIR: 'f' },
    files: { 'e/X': 'e\n', 'f/X': 'f\n', 'f/Y': 'f\n' },
    steps,
  },
  'an absolute directory': { options: ['--envdir={cwd}/e'], files: { 'e/X': 'x\n' }, steps },
  'relative to the start, not to --dir': {
    options: [...options, '--dir=sub'],
    files: { 'e/X': 'right\n', 'sub/e/X': 'wrong\n' },
    steps,
  },
  'a change is there with the next worker': {
    options,
    files: { 'e/X': 'one\n' },
    steps: [
      started(1),
      write('e/X', 'two\n'),
      signal('SIGHUP'),
      ended(1),
      write('e/X', 'three\n'),
      kill(2),
      started(3),
    ],
  },
  'a change is there when the worker has died': {
    options,
    files: { 'e/X': 'one\n' },
    steps: [started(1), write('e/X', 'two\n'), kill(1), started(2)],
  },
  'a file that appears, and goes again': {
    options,
    files: { 'e/': '' },
    steps: [started(1), write('e/NEW', 'new\n'), ...reload(), remove('e/NEW'), ...reload(3)],
  },
  'a directory that appears, and goes again': {
    options,
    files: { 'later/X': 'x\n' },
    steps: [started(1), rename('later', 'e'), ...reload(), rename('e', 'later'), ...reload(3)],
  },
  'ENVDIR in the envdir': {
    options,
    files: { 'e/ENVDIR': 'f\n', 'e/X': 'e\n', 'f/X': 'f\n', 'f/ENVDIR': 'f\n' },
    steps,
  },
  'PATH finds the program': {
    options,
    program: ['found', '-o', '{cwd}/.dump.%p'],
    files: { 'bin/found': { copyOf: '{probe}' }, 'e/PATH': '{cwd}/bin:/usr/bin:/bin\n' },
    steps,
  },
  'the variables of options': {
    options: [...options, '--kill-old-delay=0', '--auto-restart-interval=9'],
    files: { 'e/KILL_OLD_DELAY': '1\n', 'e/AUTO_RESTART_INTERVAL': '\n' },
    steps: [...reload(), wait('sleeping 1 secs before killing old workers')],
  },
  'HOME and PATH are nothing special': { options, files: { 'e/HOME': '/nowhere\n', 'e/LANG': '\n' }, steps: reload() },
  'a value that is too long for an exec': {
    options: [...options, '--interval=2'],
    files: { 'e/LONG': 'x'.repeat(200_000) },
    steps: [wait('new worker W1 seems to have failed to start, exit status:65280'), started(2)],
    end: 'KILL',
  },
});
