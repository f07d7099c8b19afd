import t from 'tap';
import { chooseCommand } from '../../src/core/command-line/command.js';
import { parseOptions } from '../../src/core/command-line/option-parser.js';

const system = { names: { SIGTERM: 15, SIGUSR1: 10 }, highest: 64, longestSocketPath: 108 };

function choose(line: string): unknown {
  const words = line.split(' ').filter((word) => word !== '');
  const asked = parseOptions(
    words.map((word) => word.replace("''", '')),
    { posixlyCorrect: false },
  );
  if (asked.errors.length > 0) throw new Error(asked.errors.join('\n'));
  const command = chooseCommand(asked, system);
  return command.ok ? command.value : `${String(command.error.exitCode)} ${command.error.message}`;
}

t.test('help, version, restart and stop go first, in this order', (t) => {
  t.same(choose('--stop --restart --version --help'), { type: 'help' });
  t.same(choose('--stop --restart --version --interval=-1'), { type: 'version' });
  const files = '--pid-file=p --status-file=s';
  t.same(choose(`--stop --restart ${files} --daemonize --signal-on-hup=BOGUS`), {
    type: 'restart',
    control: undefined,
    files: { pidFile: 'p', statusFile: 's' },
    timeout: undefined,
  });
  t.same(choose(`--stop ${files} --port=abc P`), {
    type: 'stop',
    force: false,
    control: undefined,
    files: { pidFile: 'p' },
    timeout: undefined,
  });
  t.end();
});

t.test('a running one is found by its control socket, by files, or by either', (t) => {
  t.same(choose('--restart --control=c --pid-file=p'), {
    type: 'restart',
    control: 'c',
    files: undefined,
    timeout: undefined,
  });
  t.same(choose('--stop --control=c --pid-file=p --timeout=5'), {
    type: 'stop',
    force: false,
    control: 'c',
    files: { pidFile: 'p' },
    timeout: { text: '5', seconds: 5 },
  });
  t.match(choose('--stop --force --control=c'), { type: 'stop', force: true });
  t.same(choose('--show-status --json --pid-file=p --status-file=s'), {
    type: 'show status',
    format: 'json',
    control: undefined,
    files: { pidFile: 'p', statusFile: 's' },
    timeout: undefined,
  });
  const endless = choose(`--upgrade --control=c --timeout=${'9'.repeat(400)}`);
  t.match(
    endless,
    { timeout: { text: 'Inf', seconds: 1e9 } },
    'JSON has no infinity, and a superdaemon is asked by it',
  );
  t.same(choose('--upgrade --control=c --timeout=5'), {
    type: 'upgrade',
    control: 'c',
    timeout: { text: '5', seconds: 5 },
  });
  t.match(choose('--show-status --control=c'), { format: 'table', control: 'c', files: undefined });
  t.end();
});

const refused: readonly (readonly [string, string])[] = [
  ['--restart', '255 --restart option requires --pid-file and --status-file to be set as well'],
  ['--restart --pid-file=p', '255 --restart option requires --pid-file and --status-file to be set as well'],
  [
    '--restart --pid-file=p --status-file=0',
    '255 --restart option requires --pid-file and --status-file to be set as well',
  ],
  ...['', ' --status-file=s', ' --pid-file=p', ' --pid-file=p --status-file=0'].map(
    (files) =>
      [
        `--show-status${files}`,
        '255 --show-status option requires --control, or --pid-file and --status-file to be set as well',
      ] as const,
  ),
  ['--restart --control=c --timeout=0', '1 --timeout: "0" is too low; give a number from 1 up'],
  ['--json P', '1 --json makes no sense here; give it with --show-status or --follow'],
  ['--follow', '255 --follow option requires --control to be set as well'],
  [
    '--timeout=5 P',
    '1 --timeout makes no sense here; give it with --restart, --stop, --show-status, --reconfigure, --upgrade or --cancel',
  ],
  [
    '--show-status --json --prometheus --control=c',
    '1 --prometheus makes no sense here; give it with --show-status without --json',
  ],
  ['--upgrade', '255 --upgrade option requires --control to be set as well'],
  ['--upgrade --control=c --timeout=0', '1 --timeout: "0" is too low; give a number from 1 up'],
  [
    '--upgrade --control=c --pid-file=p --hibernate=1',
    '1 --hibernate makes no sense here; give it with a program to start',
  ],
  ['--hibernate=-1 P', '1 --hibernate: "-1" is too low; give a number from 0 up'],
  ['--stop --restart --stop-timeout=5', '1 --stop-timeout makes no sense here; give it with a program to start'],
  ['--restart --max-failures=1', '1 --max-failures makes no sense here; give it with a program to start'],
  ['--restart --json', '1 --json makes no sense here; give it with --show-status or --follow'],
  ['--show-status --control=c --ready=fd', '1 --ready makes no sense here; give it with a program to start'],
  ['--reconfigure -- P', '255 --reconfigure option requires --control to be set as well'],
  ['--reconfigure --control=c --timeout=0 -- P', '1 --timeout: "0" is too low; give a number from 1 up'],
  ['--reconfigure --control=c --json -- P', '1 --json makes no sense here; give it with --show-status or --follow'],
  ['--reconfigure --restart --control=c', '1 --reconfigure makes no sense here; give it alone'],
  ['--stop --pid-file=p --check', '1 --check makes no sense here; give it with a program to start or --reconfigure'],
  ['--show-status --restart', '1 --show-status makes no sense here; give it alone'],
  ['--show-status --stop', '1 --show-status makes no sense here; give it alone'],
  ['--take-over=42 P', '1 --take-over makes no sense here; give it with --port or --path'],
  ['--take-over-signal=TERM --port=80 P', '1 --take-over-signal makes no sense here; give it with --take-over'],
  ['--stop --take-over=42', '1 --take-over makes no sense here; give it with a program to start'],
  [
    '--take-over=42 --take-over-signal=UP --port=80 P',
    '1 --take-over-signal: unknown signal "UP"; give a name such as TERM or USR1, or a number from 1 to 64',
  ],
  ['--start-timeout=5 P', '1 --start-timeout makes no sense here; give it with --ready=notify or --ready=fd'],
  [
    '--status --control=c',
    '255 server program not specified; --status is --status-file, and took "--control=c" for its value, did you mean --show-status?',
  ],
  [
    '--port --path=s',
    '255 server program not specified; --port took "--path=s" for its value, write it as --port=VALUE',
  ],
  ['--stop', '255 --stop option requires --pid-file to be set as well'],
  ["--stop --pid-file ''", '255 --stop option requires --pid-file to be set as well'],
  ['', '255 server program not specified; give it after --, as in start_server [options] -- ./app'],
  ['--', '255 server program not specified; give it after --, as in start_server [options] -- ./app'],
  ['--port=abc', '255 server program not specified; give it after --, as in start_server [options] -- ./app'],
  ['--interval=-1', '255 server program not specified; give it after --, as in start_server [options] -- ./app'],
  ['--daemonize', '255 Usage: --log-file option must be specified together with --deamonize'],
  [
    '--daemonize --log-file=0',
    '255 server program not specified; give it after --, as in start_server [options] -- ./app',
  ],
  ['--interval=-1 P', '1 --interval: "-1" is too low; give a number from 0 up'],
  ['--interval=-99999999999999999999 P', '1 --interval: "-1e+20" is too low; give a number from 0 up'],
  [
    '--signal-on-hup=BOGUS --signal-on-term=99 P',
    '1 --signal-on-hup: unknown signal "BOGUS"; give a name such as TERM or USR1, or a number from 1 to 64',
  ],
  [
    '--signal-on-term=99 P',
    '1 --signal-on-term: unknown signal "99"; give a name such as TERM or USR1, or a number from 1 to 64',
  ],
  ['--listen-fds=some P', '1 --listen-fds: "some" is unknown; give named or all'],
  ['--listen-fds=all P', '1 --listen-fds=all makes no sense here; give it with --systemd'],
];
t.test('what cannot be', (t) => {
  for (const [line, expected] of refused) t.equal(choose(line), expected, line);
  t.end();
});

const plain = {
  type: 'start',
  program: ['P', 'a'],
  directory: undefined,
  listeners: { specs: [], mistakes: [] },
  settings: { interval: 1, signalOnHup: { name: 'TERM', number: 15 }, signalOnTerm: { name: 'TERM', number: 15 } },
  variables: new Map(),
  daemonize: false,
  log: undefined,
  pidFile: undefined,
  statusFile: undefined,
  control: undefined,
  systemd: false,
  listenFds: undefined,
  pathAccess: { mode: undefined, user: undefined, group: undefined },
  logTime: false,
  backlog: undefined,
  takeOver: undefined,
  killOrphans: false,
};
const started: readonly (readonly [string, object])[] = [
  ['P a', {}],
  ['--log-file=0 --pid-file=0 --status-file=0 --backlog=0 --interval=1 P a', {}],
  ["--log-file '' --pid-file '' --status-file '' --signal-on-hup '' --signal-on-term=0 P a", {}],
  ['--daemonize --log-file=0 P a', { daemonize: true }],
  [
    '--log-file=l --pid-file=p --status-file=00 P a',
    { log: { type: 'file', path: 'l' }, pidFile: 'p', statusFile: '00' },
  ],
  ['--control=c P a', { control: 'c' }],
  ['--systemd P a', { systemd: true }],
  ['--listen-fds=named P a', { listenFds: 'named' }],
  ['--systemd --listen-fds=all P a', { systemd: true, listenFds: 'all' }],
  ['--dir=d P a', { directory: 'd' }],
  ['--kill-orphans P a', { killOrphans: true }],
  ['--interval=-0 P a', { settings: { ...plain.settings, interval: 0 } }],
  ['--ready=fd P a', { settings: { ...plain.settings, readiness: 'fd' } }],
  ['--envdir=e P a', { variables: new Map([['ENVDIR', 'e']]) }],
  ['--log-time P a', { logTime: true }],
  ['--path-mode=0660 --path-owner=u:g P a', { pathAccess: { mode: 0o660, user: 'u', group: 'g' } }],
  ['--path-owner=:5 P a', { pathAccess: { mode: undefined, user: undefined, group: '5' } }],
  ['--backlog=-1 P a', { backlog: -1 }],
  ['--backlog=99999999999 P a', { backlog: 2147483647 }],
  ['--signal-on-hup=sigusr1 P a', { settings: { ...plain.settings, signalOnHup: { name: 'USR1', number: 10 } } }],
];
t.test('what the original ignores stays ignored', (t) => {
  const files = '--pid-file=p --status-file=s';
  for (const line of ['--kill-old-delay=5', '--daemonize', '--interval=-1', '--envdir=x', '--log-file=l', '-- P']) {
    t.match(choose(`--restart ${files} ${line}`), { type: 'restart' }, line);
    t.match(choose(`--stop --restart ${files} ${line}`), { type: 'restart' }, line);
    t.match(choose(`--show-status ${files} ${line}`), { type: 'show status' }, line);
  }
  t.end();
});

t.test('from whom sockets are taken', (t) => {
  const term = { name: 'TERM', number: 15 };
  t.match(choose('--port=80 --take-over=42 P'), { takeOver: { from: { pid: 42 }, signal: term } });
  t.match(choose('--path=s --take-over=42.pid --take-over-signal=SIGUSR1 P'), {
    takeOver: { from: { pidFile: '42.pid' }, signal: { name: 'USR1', number: 10 } },
  });
  t.end();
});

t.test('start', (t) => {
  for (const [line, difference] of started) {
    const { given, ...rest } = choose(line) as { given: readonly unknown[] };
    t.same(rest, { ...plain, ...difference }, line);
    t.ok(Array.isArray(given)); // what that is, command-words.test.ts tells
  }
  t.end();
});
