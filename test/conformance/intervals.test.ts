/** The interval, the kill-old-delay and auto restart. */
import t from 'tap';
import {
  ended,
  kill,
  look,
  reload,
  signal,
  started,
  wait,
  who,
  type Scenario,
} from '../helpers/side-by-side/scenario.js';
import { sideBySide } from '../helpers/side-by-side/side-by-side.js';

const delayed = (text: string): Scenario => ({
  steps: [...reload(), wait(`sleeping ${text} secs before killing old workers`)],
});

/** Values of KILL_OLD_DELAY without a delay that anybody would notice, and what the log makes of it. */
const delays: readonly (readonly [value: string, line?: string])[] = [
  ['0'],
  ['00'],
  ['abc'],
  [''],
  ['1', '1'],
  ['01', '01'],
  [' 1', ' 1'],
  ['1x', '1x'],
  ['1.5', '1.5'],
  ['-1', '-1'],
  ['-0.5', '-0.5'],
  ['1e0', '1e0'],
  ['nan', 'nan'],
  ['-inf', '-inf'],
];

/** The delay that counts; `env`, `option` and `envdir` are the places it can be told in. */
const precedences: readonly (readonly [
  env: string | undefined,
  option: string | undefined,
  envdir: string | undefined,
  line: string | undefined,
])[] = [
  ['0', '1', undefined, '1'],
  ['3', '0', undefined, undefined],
  ['0', '3', '1', '1'],
  ['3', '3', '0', undefined],
  [undefined, '1', '', '1'],
  ['1', undefined, '', '1'],
  [undefined, '3', '\n', undefined],
];

function precedence(env?: string, option?: string, envdir?: string, line?: string): Scenario {
  return {
    ...(env === undefined ? {} : { env: { KILL_OLD_DELAY: env } }),
    options: ['--envdir=e', ...(option === undefined ? [] : [`--kill-old-delay=${option}`])],
    files: { 'e/': '', ...(envdir === undefined ? {} : { 'e/KILL_OLD_DELAY': envdir }) },
    ...(line === undefined ? { steps: reload() } : delayed(line)),
  };
}

/** The value of ENABLE_AUTO_RESTART, and whether the delay is that of auto restart. */
const switches: readonly (readonly [value: string, isOn: boolean])[] = [
  ['', false],
  ['0', false],
  ['1', true],
  ['no', true],
  ['false', true],
  ['00', true],
  [' ', true],
];

const fiveSeconds = wait('sleeping 5 secs before killing old workers');

/** As `autorestart triggered` shows it. */
const autoIntervals = ['1', '01', '1.5', '-1', 'abc', ' 1', '-inf'];
/** Those that never come. */
const noIntervals = ['nan', 'inf', '1e400', '1.#IND'];
const quick = { ENABLE_AUTO_RESTART: '1', KILL_OLD_DELAY: '0' };

/** Goes on by itself: what workers were told by the end is a matter of time. */
const endless: Scenario = { end: 'KILL', ignore: ['events'] };

sideBySide(t, {
  'the interval of 1 that is the default': { words: ['--', 'sleep', '100'], steps: reload(2, 15) },
  '--interval=2': { options: ['--interval=2', '--status-file=st'], steps: [...reload(), look] },
  'a status file while the interval lasts': {
    options: ['--interval=1000', '--status-file=st'],
    steps: [started(1), look],
  },
  '--interval=-0': { options: ['--interval=-0'], steps: reload() },
  'a worker that dies after the interval, of itself': {
    options: ['--interval=1'],
    probe: ['-d', '2200'],
    steps: [wait('worker W1 died unexpectedly with status:0, restarting'), started(2)],
    ...endless,
  },
  '--kill-old-delay=0': { options: ['--kill-old-delay=0'], steps: reload() },
  '--kill-old-delay=6': {
    options: ['--kill-old-delay=6', '--status-file=st'],
    steps: [
      started(1),
      signal('SIGHUP'),
      wait('sleeping 6 secs before killing old workers'),
      who,
      look,
      ended(1),
      look,
    ],
  },
  '--kill-old-delay=-1': { options: ['--kill-old-delay=-1'], ...delayed('-1') },
  '--kill-old-delay=+1': { options: ['--kill-old-delay', '+1'], ...delayed('1') },
  'old workers of several reloads': {
    options: ['--kill-old-delay=1', '--signal-on-hup=USR2'],
    steps: [
      started(1),
      signal('SIGHUP'),
      wait('killing old workers'),
      signal('SIGHUP'),
      wait('killing old workers', 2),
    ],
  },
  ...Object.fromEntries(
    delays.map(([value, line]): [string, Scenario] => [
      `KILL_OLD_DELAY=${value}`,
      { env: { KILL_OLD_DELAY: value }, ...(line === undefined ? { steps: reload() } : delayed(line)) },
    ]),
  ),
  ...Object.fromEntries(
    precedences.map((row): [string, Scenario] => [
      `a delay of environment ${String(row[0])}, option ${String(row[1])}, envdir ${JSON.stringify(row[2])}`,
      precedence(...row),
    ]),
  ),
  ...Object.fromEntries(
    switches.map(([value, isOn]): [string, Scenario] => [
      `ENABLE_AUTO_RESTART=${value}`,
      isOn
        ? { env: { ENABLE_AUTO_RESTART: value }, steps: [started(1), signal('SIGHUP'), fiveSeconds], ...endless }
        : { env: { ENABLE_AUTO_RESTART: value, AUTO_RESTART_INTERVAL: '0' }, steps: reload() },
    ]),
  ),
  '--enable-auto-restart': {
    options: ['--enable-auto-restart'],
    steps: [started(1), signal('SIGHUP'), fiveSeconds],
    ...endless,
  },
  'auto restart with a delay of its own': { options: ['--enable-auto-restart', '--kill-old-delay=0'], steps: reload() },
  'auto restart with an interval of 0': {
    options: ['--enable-auto-restart', '--kill-old-delay=0', '--auto-restart-interval=0'],
    steps: reload(),
  },
  'auto restart with an empty interval': { env: { ...quick, AUTO_RESTART_INTERVAL: '' }, steps: reload() },
  'ENABLE_AUTO_RESTART=0 in the envdir wins': {
    options: ['--enable-auto-restart', '--envdir=e', '--auto-restart-interval=1'],
    files: { 'e/ENABLE_AUTO_RESTART': '0\n' },
    steps: reload(),
  },
  'an interval from the envdir': {
    options: ['--enable-auto-restart', '--kill-old-delay=0', '--envdir=e', '--auto-restart-interval=77'],
    files: { 'e/AUTO_RESTART_INTERVAL': '1\n' },
    steps: [wait('autorestart triggered (interval=1)'), ended(1)],
    ...endless,
  },
  ...Object.fromEntries(
    autoIntervals.map((value): [string, Scenario] => [
      `AUTO_RESTART_INTERVAL=${value}`,
      {
        options: ['--interval=1'],
        env: { ...quick, AUTO_RESTART_INTERVAL: value },
        steps: [wait(`autorestart triggered (interval=${value})`), ended(1)],
        ...endless,
      },
    ]),
  ),
  ...Object.fromEntries(
    noIntervals.map((value): [string, Scenario] => [
      `AUTO_RESTART_INTERVAL=${value}`,
      { options: ['--interval=2'], env: { ...quick, AUTO_RESTART_INTERVAL: value }, steps: reload() },
    ]),
  ),
  '--auto-restart-interval, twice': {
    options: ['--interval=1', '--enable-auto-restart', '--kill-old-delay=0', '--auto-restart-interval=4'],
    steps: [wait('autorestart triggered (interval=4)', 2), ended(2)],
    ...endless,
  },
  'forced while an old worker stays': {
    options: ['--enable-auto-restart', '--kill-old-delay=0', '--auto-restart-interval=1', '--signal-on-hup=USR2'],
    steps: [wait('autorestart triggered (forced, interval=1)'), started(3), wait('killing old workers', 2), who],
    ...endless,
  },
  'not before the old worker is gone': {
    options: ['--enable-auto-restart', '--kill-old-delay=0', '--auto-restart-interval=2', '--signal-on-hup=USR2'],
    steps: [
      started(1),
      signal('SIGHUP'),
      wait('killing old workers'),
      kill(1),
      ended(1, 9),
      wait('autorestart triggered (interval=2)'),
    ],
    ...endless,
  },
});
