/** --daemonize. Failures after the forks, and what becomes of a logger, are rows 25 and 26 of the differences. */
import t from 'tap';
import { about, kill, look, reload, started, wait, type Scenario } from '../helpers/side-by-side/scenario.js';
import { sideBySide } from '../helpers/side-by-side/side-by-side.js';

const daemon = { log: 'lg', daemon: 'pid' } satisfies Scenario;
const options = ['--daemonize', '--log-file=lg', '--pid-file=pid'];
const underMask = (mask: string) => ['sh', '-c', `umask ${mask}; exec "$@"`, 'sh'];

/** None of them comes to the fork. */
const failures: Readonly<Record<string, Scenario>> = {
  'two sockets on one port': { options: [...options, '--port={P}', '--port={P}'], log: 'lg' },
  // The code is 25 in the original, what isatty(3) on the log has left in errno.
  'a port that is none': { options: [...options, '--port=abc'], log: 'lg', ignore: ['outcome'] },
  'a path that cannot be': { options: [...options, '--path=s', '--path=no/s'], log: 'lg' },
  'a log that cannot be opened': { options: ['--daemonize', '--log-file=no/lg', '--pid-file=pid'] },
  'a logger that is missing': { options: ['--daemonize', '--log-file=|/no/such/logger', '--pid-file=pid'] },
};

sideBySide(t, {
  'a daemon': { ...daemon, options: [...options, '--port=127.0.0.1:0', '--path=s'], steps: [started(1), about, look] },
  'a daemon with a status file': {
    ...daemon,
    options: [...options, '--status-file=st'],
    steps: [started(1), look, ...reload(), look],
  },
  'a daemon with an interval': {
    ...daemon,
    options: ['--interval=1', ...options],
    steps: [...reload(), kill(2), started(3)],
  },
  'a socket on 0': { ...daemon, options: [...options, '--port=127.0.0.1:0=0'], steps: [started(1)] },
  'a socket on 10': { ...daemon, options: [...options, '--port=127.0.0.1:0=10'], steps: [started(1)] },
  'a fixed descriptor is told to the caller': {
    ...daemon,
    options: [...options, '--port=127.0.0.1:0=9', '--path=s'],
    files: { s: { staleSocket: true } },
    steps: [started(1)],
  },
  'another directory': {
    ...daemon,
    options: [...options, '--dir=sub'],
    files: { 'sub/': '' },
    steps: [started(1), about],
  },
  'another umask': {
    ...daemon,
    options: [...options, '--path=s'],
    under: underMask('0027'),
    steps: [started(1), about, look],
  },
  'a caller that ignores HUP': {
    ...daemon,
    options,
    under: ['sh', '-c', `trap '' HUP; exec "$@"`, 'sh'],
    steps: reload(),
  },
  'a caller in a session of its own': { ...daemon, options, under: ['setsid'], steps: [started(1), about] },
  'an envdir': { ...daemon, options: [...options, '--envdir=e'], files: { 'e/X': 'x\n' }, steps: reload() },
  'a program that is missing': {
    log: 'lg', // the original's child removes the pid file
    options: ['--interval=2', '--daemonize', '--log-file=lg', '--pid-file=pid', '--status-file=st'],
    program: ['/no/such/program'],
    steps: [wait('new worker W1 seems to have failed to start, exit status:65280'), started(2)],
    end: 'KILL',
  },
  ...Object.fromEntries(
    Object.entries(failures).map(([name, scenario]): [string, Scenario] => [
      `not started: ${name}`,
      { ...scenario, end: 'itself' },
    ]),
  ),
});
