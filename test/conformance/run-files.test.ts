/** The status file and the pid file. */
import t from 'tap';
import {
  awaitFile,
  ended,
  kill,
  look,
  reload,
  remove,
  rename,
  signal,
  started,
  wait,
  who,
  write,
  type Scenario,
} from '../helpers/side-by-side/scenario.js';
import { sideBySide } from '../helpers/side-by-side/side-by-side.js';

const both = ['--pid-file=pid', '--status-file=st'];
const lingering = '--signal-on-hup=USR2';
const underMask = (mask: string) => ['sh', '-c', `umask ${mask}; exec "$@"`, 'sh'];
const many = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** So many workers that all live. */
const crowd = (count: number): Scenario => ({
  options: [lingering, '--status-file=st'],
  steps: [
    started(1),
    ...many(count - 1).flatMap((index) => [signal('SIGHUP'), wait('killing old workers', index)]),
    look,
  ],
});

sideBySide(t, {
  'both through a reload, a death and the end': {
    options: both,
    steps: [started(1), look, ...reload(), look, kill(2), started(3), look, signal('SIGTERM'), wait('exiting')],
    end: 'itself',
  },
  'no status before the first worker is accepted': {
    options: ['--interval=2', ...both],
    steps: [started(1), look, awaitFile('st', '1:W1\n'), look],
  },
  'no status when the first worker is not accepted': {
    options: ['--interval=100', ...both],
    steps: [started(1), look],
  },
  'both workers during the delay': {
    options: ['--interval=3', '--kill-old-delay=6', ...both],
    steps: [
      started(1),
      awaitFile('st', '1:W1\n'),
      signal('SIGHUP'),
      started(2),
      look,
      awaitFile('st', '1:W1\n2:W2\n'),
      look,
      ended(1),
      look,
    ],
  },
  'an old worker that stays': {
    options: ['--status-file=st'],
    probe: ['-q', 'INT'],
    steps: [
      started(1),
      signal('SIGHUP'),
      wait('killing old workers'),
      look,
      kill(1, 'SIGINT'),
      ended(1),
      look,
      signal('SIGINT'),
      wait('received INT, sending TERM to all workers:W2'),
      kill(2, 'SIGINT'),
    ],
    end: 'itself',
  },
  'the shutdown takes one worker after the other away': {
    options: [lingering, ...both],
    probe: ['-i', 'TERM'],
    steps: [
      ...[started(1), signal('SIGHUP'), wait('killing old workers'), signal('SIGHUP'), wait('killing old workers', 2)],
      ...[signal('SIGTERM'), wait('received TERM, sending TERM to all workers:W1,W2,W3'), look],
      ...[kill(2), wait('worker W2 died, status:9'), look, kill(1), wait('worker W1 died, status:9'), look, kill(3)],
    ],
    end: 'itself',
  },
  'ten generations are sorted as texts': crowd(10),
  'twenty-one generations are sorted as texts': crowd(21),
  ...Object.fromEntries(
    ['0000', '0022', '0077', '0777'].map((mask): [string, Scenario] => [
      `the modes under umask ${mask}`,
      { options: both, under: underMask(mask), steps: [started(1), look] },
    ]),
  ),
  'files from before': {
    options: both,
    files: { pid: '99999999\nmore\n', st: '7:99999999\n8:1\n' },
    steps: [started(1), look, ...reload(), look],
  },
  'read-only files from before': {
    options: both,
    files: { pid: { text: '', mode: 0o444 }, st: { text: 'x', mode: 0o400 } },
    steps: [started(1), look],
  },
  'a link for a status file is replaced': {
    options: both,
    files: { target: 'mine\n', st: { link: 'target' } },
    steps: [started(1), look],
  },
  'a link for a pid file is followed': {
    options: both,
    files: { target: 'mine\n', pid: { link: 'target' } },
    steps: [started(1), look],
  },
  'relative to the start, not to --dir': {
    options: [...both, '--dir=sub'],
    files: { 'sub/': '' },
    steps: [started(1), look],
  },
  'absolute names': {
    options: ['--pid-file={cwd}/run/pid', '--status-file={cwd}/run/st'],
    files: { 'run/': '' },
    steps: [started(1), look],
  },
  'the status file is gone before the end': { options: both, steps: [started(1), remove('st'), look] },
  'the status file is gone before a change': { options: both, steps: [started(1), remove('st'), ...reload(), look] },
  'the pid file is gone before the end': { options: both, steps: [started(1), remove('pid')] },
  'the pid file was renamed': { options: both, steps: [started(1), rename('pid', 'other'), look] },
  'the pid file was written by somebody else': { options: both, steps: [started(1), write('pid', 'mine\n'), look] },
  'the directory of a pid file is missing': { options: ['--pid-file=no/pid', '--path=s'], end: 'itself' },
  'a directory for a pid file': { options: ['--pid-file=d', '--path=s'], files: { 'd/': '' }, end: 'itself' },
  'the file of another is kept when a port fails': {
    options: ['--port={P}', '--port={P}', '--status-file=st'],
    files: { st: '7:99999999\n' },
    end: 'itself',
  },
  'nothing of either without the options': { steps: [started(1), look] },
  'a lock that ends with a KILL': {
    options: both,
    steps: [started(1), signal('SIGKILL'), who, look],
    end: 'KILL',
  },
});
