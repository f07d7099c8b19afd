/** --log-file. Loggers that die or do not read are rows 24 and 39 of the differences. */
import t from 'tap';
import {
  about,
  awaitFile,
  ended,
  kill,
  look,
  reload,
  rename,
  signal,
  started,
  wait,
  write,
  type Prepared,
  type Scenario,
} from '../helpers/side-by-side/scenario.js';
import { probeOptions } from '../helpers/side-by-side/observation.js';
import { sideBySide } from '../helpers/side-by-side/side-by-side.js';

const sockets = ['--port=127.0.0.1:0', '--path=s'];
const toFile = { options: ['--log-file=lg', ...sockets], log: 'lg' } satisfies Scenario;
const underMask = (mask: string) => ['sh', '-c', `umask ${mask}; exec "$@"`, 'sh'];
const asNobody = ['setpriv', '--reuid=65534', '--clear-groups', '--inh-caps=-all'];

/** Says so in the log when it is told to, and not while the superdaemon tells of its start. */
const talkative = [
  'sh',
  '-c',
  `until [ -e go ]; do sleep 0.02; done; echo out; echo err >&2; exec {probe} ${probeOptions.join(' ')}`,
];

/** All of these are names. */
const names = ['>x.log', '-', 'x.log ', 'cat |', ' x.log', '&1', '\xff'];

/** Loggers; each writes to `lg` in the end. */
const loggers = [
  '| cat > lg',
  '|cat >> lg',
  ' \t\n | \n exec cat >lg',
  '| tee -a lg',
  '|/usr/bin/tee   -a   lg',
  '| cd . && cat > lg',
  "| sh -c 'cat > lg'",
];

const unopened: Readonly<Record<string, Scenario>> = {
  'a directory that is missing': { options: ['--log-file=no/lg'] },
  'a directory': { options: ['--log-file=d'], files: { 'd/': '' } },
  'a file that may not be written': {
    options: ['--log-file=lg'],
    files: { lg: { text: '', mode: 0o444 } },
    under: asNobody,
  },
  'a logger that is missing': { options: ['--log-file=| /no/such/command -x'] },
  'a logger that is missing along PATH': { options: ['--log-file=|no-such-command-anywhere'] },
  'a builtin of the shell for a logger': { options: ['--log-file=| exit 3'] },
  'a logger that may not be executed': { options: ['--log-file=|./f'], files: { f: '' } },
  'no logger': { options: ['--log-file=|'] },
  'no logger but blanks': { options: ['--log-file= | '] },
};

const before: Prepared = { text: 'before\n', mode: 0o600 };

sideBySide(t, {
  'a file': { ...toFile, steps: [started(1), look, about] },
  'a file, through a reload and a death': { ...toFile, steps: [...reload(), kill(2), started(3), look] },
  'a file with an interval': {
    options: ['--interval=1', ...toFile.options, '--status-file=st', '--pid-file=pid'],
    log: 'lg',
    steps: [...reload(), look],
  },
  'what workers say': { ...toFile, program: talkative, steps: [started(1), write('go', ''), wait('out'), wait('err')] },
  'a file from before': { ...toFile, files: { lg: before }, steps: [started(1), look] },
  'a link to a file': { ...toFile, files: { lg: { link: 'target' }, target: before }, steps: [started(1), look] },
  ...Object.fromEntries(
    ['0000', '0027', '0777'].map((mask): [string, Scenario] => [
      `a file under umask ${mask}`,
      { ...toFile, under: underMask(mask), steps: [started(1), look] },
    ]),
  ),
  'a relative file, with --dir': {
    ...toFile,
    options: [...toFile.options, '--dir=sub'],
    files: { 'sub/': '' },
    steps: [started(1), look],
  },
  'an absolute file': { ...toFile, options: ['--log-file={cwd}/lg'], steps: [started(1), look] },
  ...Object.fromEntries(
    names.map((name): [string, Scenario] => [
      `the name ${JSON.stringify(name)}`,
      { options: ['--log-file', name], log: name, steps: [started(1), look] },
    ]),
  ),
  'renamed: everything goes on to the same file': {
    ...toFile,
    files: { lg: { link: 'real' } },
    log: 'real',
    steps: [started(1), rename('lg', 'lg.1'), write('lg', 'new\n'), ...reload(), look],
  },
  'truncated: everything goes to the new end': {
    ...toFile,
    steps: [started(1), look, write('lg', ''), signal('SIGHUP'), ended(1), look],
  },
  'what comes before the log is there': {
    options: ['--log-file=lg', '--port=127.0.0.1:0=9', '--path=s'],
    files: { s: { staleSocket: true } },
    log: 'lg',
    steps: [started(1), look],
  },
  'a port that cannot be bound': { options: ['--log-file=lg', '--port={P}', '--port={P}'], log: 'lg', end: 'itself' },
  // The code is 25 in the original, what isatty(3) on the log has left in errno.
  'a port that is none': {
    ignore: ['outcome'],
    options: ['--log-file=lg', '--port=abc'],
    log: 'lg',
    end: 'itself',
  },
  ...Object.fromEntries(
    Object.entries(unopened).map(([name, scenario]): [string, Scenario] => [
      `not opened: ${name}`,
      { ...scenario, end: 'itself' },
    ]),
  ),
  ...Object.fromEntries(
    loggers.map((value): [string, Scenario] => [
      `the logger ${JSON.stringify(value)}`,
      { options: ['--log-file', value, ...sockets], log: 'lg', steps: [...reload(), look, about] },
    ]),
  ),
  'what workers say to a logger': {
    options: ['--log-file=|cat > lg'],
    log: 'lg',
    program: talkative,
    steps: [started(1), write('go', ''), wait('out'), wait('err')],
  },
  'what a logger is given': {
    options: [
      '--log-file=| {probe} -d 0 -o {cwd}/.dump.%p > /dev/null; exec cat > lg',
      '--envdir=e',
      '--kill-old-delay=0',
      ...sockets,
    ],
    files: { 'e/FROM_ENVDIR': 'x\n' },
    env: { SERVER_STARTER_OUTER: 'x', NODE_OPTIONS: '--no-such-option' },
    log: 'lg',
    steps: [started(1)],
  },
  'an inherited descriptor for a logger': {
    options: ['--log-file=| test -e /proc/self/fd/7 && echo 7 > inherited; exec cat > lg'],
    under: ['sh', '-c', 'exec 7< /dev/null; exec "$@"', 'sh'],
    log: 'lg',
    steps: [started(1)],
  },
  'what a logger says': {
    options: ['--log-file=| cat > lg; echo out; echo err >&2'],
    log: 'lg',
    steps: [started(1)],
  },
  'a logger that changes the lines': {
    options: ["--log-file=| sed -u 's/^/- /' > prefixed"],
    log: 'prefixed',
    steps: [awaitFile('prefixed', '- starting new worker W1\n')],
  },
  'PATH of the envdir finds the logger': {
    options: ['--log-file=| found lg', '--envdir=e'],
    files: {
      'e/PATH': '{cwd}/bin:/usr/bin:/bin\n',
      'bin/found': { text: '#!/bin/sh\nexec cat > "$1"\n', mode: 0o755 },
    },
    log: 'lg',
    steps: [started(1)],
  },
  'the logger is relative to the start, not to --dir': {
    options: ['--log-file=|cat > lg', '--dir=sub'],
    files: { 'sub/': '' },
    log: 'lg',
    steps: [started(1), look],
  },
});
