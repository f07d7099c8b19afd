/** How the command reads its words, which is as the original does. All of the grammar is in options.test.ts. */
import t from 'tap';
import { started, wait, type Scenario } from '../helpers/side-by-side/scenario.js';
import { probeOptions } from '../helpers/side-by-side/observation.js';
import { sideBySide } from '../helpers/side-by-side/side-by-side.js';

const program = ['{probe}', ...probeOptions];
const running: Pick<Scenario, 'steps'> = { steps: [started(1)] };

/** Words that start the probe; what it was given shows how they were read. */
const accepted: readonly (readonly string[])[] = [
  ['-interval', '0', '--', ...program],
  ['+INTERVAL=0', '--', ...program],
  ['-i', '0', '--', ...program],
  ['--Int=0', '--interval=0', '--k=3', '--a', '7', '--', ...program],
  ['--i=0', '--ena', '--env=.', '--kill-old-delay', '1_0', '--', ...program],
  ['--i=0', '--po=127.0.0.1:0', '--pa=x', '--path=y', '--pi=pid', '--sta=st', '--b=7', '--di=.', '--', ...program],
  ['--i=0', '--signal-on-h=USR1', '--signal-on-t=TERM', '--l=0', '--', ...program],
  ['--path=x', '--port=127.0.0.1:0', '--i=0', '--pid-file', '--status-file', '--', ...program],
  ['--i=0', '--path', '+x', '--pid-file', '-p', '--', ...program],
  ['--i=0', '--pid-file=0', '--status-file=0', '--log-file=0', '--pid-file', '0', '--', ...program],
  ['--i=0', '--pid-file', '', '--status-file', '', '--log-file', '', '--signal-on-hup', '', '--', ...program],
  ['--interval', '0', '{probe}', '--', ...probeOptions, '--help', '-x', 'a', '--', 'b', ''],
  ['--interval', '0', '--', '{probe}', ...probeOptions, '--', '--interval=9', '--', '', '*', 'a b'],
];

const refused: readonly (readonly string[])[] = [
  ['-i0', '--', 'P'],
  ['--sig=X', '--', 'P'],
  ['--st=x', '--', 'P'],
  ['--p=1', '--', 'P'],
  ['--d=/', '--', 'P'],
  ['--e=x', '--en', '--', 'P'],
  ['--signal_on_hup=X', '--unknown', '--unknown=5', '-x', '--', 'P'],
  ['--=5', '--', 'P'],
  ['-=5', '--', 'P'],
  ['--no-daemonize', '--nodaemonize', '--no-interval', '--', 'P'],
  ['--daemonize=1', '--enable-auto-restart=1', '--restart=1', '--help=1', '--', 'P'],
  ['--foo', '--interval=abc', '--bar', '--port', '--', 'P'],
  ['--interval'],
  ['P', '--port'],
  ['--port=', '--interval=', '--log-file=', '--path=', '--', 'P'],
  ['--interval', '', '--', 'P'],
  ['--interval', '--', 'P'],
  ['P', '-o', '-'],
  ['--help', '--foo'],
  ['--version', '--port'],
  [],
  ['--'],
  ['--interval=0'],
  ['--port=abc'],
  ['--daemonize', '--', 'P'],
  ['--daemonize'],
  ['--restart', '--pid-file=x', 'P'],
  ['--restart', '--stop', '--pid-file=x'],
  ['--stop', '--status-file=x'],
  ['--stop', '--pid-file=0'],
  ...['1.5', 'abc', '0x10', ' 5', '5 ', '1e3', '\xbd', '+', '-', '+-1'].map((value) => ['--backlog', value, '--', 'P']),
];

/** The value as the worker sees it. */
const integers = ['+1', '1_000', '1__0', '_1', '1_', '+1_0', '007', '-0', '99999999999999999999'];

sideBySide(t, {
  ...Object.fromEntries(accepted.map((words) => [`accepted: ${words.join(' ')}`, { words, ...running }])),
  ...Object.fromEntries(refused.map((words) => [`refused: ${words.join(' ')}`, { words, end: 'itself' }])),
  ...Object.fromEntries(
    integers.map((value) => [
      `the integer ${value}`,
      { options: [`--kill-old-delay=${value}`, `--auto-restart-interval`, value], ...running },
    ]),
  ),
  'POSIXLY_CORRECT: no option after the program': {
    env: { POSIXLY_CORRECT: '' },
    words: ['--interval=0', ...program, '--interval', '-Z', '--', '+i'],
    ...running,
  },
  'POSIXLY_CORRECT: + is no option': {
    env: { POSIXLY_CORRECT: '1' },
    words: ['--interval=2', '+interval=0'],
    steps: [started(1), wait('new worker W1 seems to have failed to start, exit status:65280'), started(2)],
    end: 'KILL',
  },
  '-- is a program when it stands after --': {
    words: ['--interval=2', '--', '--', 'P'],
    steps: [started(1), wait('new worker W1 seems to have failed to start, exit status:65280'), started(2)],
    end: 'KILL',
  },
  '- is a program': {
    words: ['-', '--interval=2', '--', 'P'],
    steps: [wait('new worker W1 seems to have failed to start, exit status:65280'), started(2)],
    end: 'KILL',
  },
  // The text is ours.
  '--help goes before all else': { words: ['--stop', '--version', '--help'], end: 'itself', ignore: ['stdout'] },
  '--version goes before what it stands with': { words: ['--stop', '--version'], end: 'itself', ignore: ['stdout'] },
});
