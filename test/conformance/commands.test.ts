/** --restart and --stop. Whom they believe to be running is rows 27 and 28 of the differences. */
import t from 'tap';
import {
  awaitFile,
  command,
  look,
  signal,
  started,
  who,
  write,
  type Scenario,
} from '../helpers/side-by-side/scenario.js';
import { sideBySide } from '../helpers/side-by-side/side-by-side.js';

const files = ['--pid-file=pid', '--status-file=st'];
const running = [started(1), awaitFile('st', '1:W1\n')];
const restart = command('--restart', ...files);
const stop = command('--stop', '--pid-file=pid');

/** To a superdaemon that runs, by the same implementation and by the other one. */
const commands: Readonly<Record<string, Scenario>> = {
  '--restart': { options: files, steps: [...running, restart, look, who] },
  '--restart, twice': { options: files, steps: [...running, restart, restart, look] },
  '--restart with an interval': { options: ['--interval=1', ...files], steps: [...running, restart, look] },
  '--restart with a kill-old-delay': { options: ['--kill-old-delay=1', ...files], steps: [...running, restart, look] },
  '--restart waits for the old worker': {
    options: files,
    probe: ['-l', '1200'],
    steps: [...running, restart, look, who],
  },
  '--restart by absolute names': {
    options: files,
    steps: [...running, command('--restart', '--pid-file={cwd}/pid', '--status-file={cwd}/st'), look],
  },
  '--restart goes before --stop': {
    options: files,
    steps: [...running, command('--stop', '--restart', ...files), look],
  },
  '--restart disregards all else': {
    options: files,
    steps: [...running, command('--restart', ...files, '--port=abc', '--interval=9', '--', 'no', 'program'), look],
  },
  '--restart of the tenth generation': {
    options: files,
    steps: [
      ...running,
      ...[2, 3, 4, 5, 6, 7, 8, 9].flatMap((next) => [
        signal('SIGHUP'),
        awaitFile('st', `${String(next)}:W${String(next)}\n`),
      ]),
      restart,
      look,
    ],
  },
  '--stop': { options: [...files, '--path=s', '--port=127.0.0.1:0'], steps: [...running, stop, look], end: 'itself' },
  '--stop by an absolute name': {
    options: files,
    steps: [...running, command('--stop', '--pid-file={cwd}/pid')],
    end: 'itself',
  },
  '--stop waits for the worker': { options: files, probe: ['-l', '700'], steps: [...running, stop], end: 'itself' },
  '--stop in the first interval': { options: ['--interval=100', ...files], steps: [started(1), stop], end: 'itself' },
  '--stop disregards all else': {
    options: files,
    steps: [...running, command('--stop', ...files, '--port=abc', 'no', 'program')],
    end: 'itself',
  },
  '--stop of a daemon': {
    options: ['--daemonize', '--log-file=lg', ...files],
    log: 'lg',
    daemon: 'pid',
    steps: [...running, stop],
    end: 'itself',
  },
  '--restart of a daemon': {
    options: ['--daemonize', '--log-file=lg', ...files],
    log: 'lg',
    daemon: 'pid',
    steps: [...running, restart, look],
  },
  'a status file without a generation': {
    options: files,
    steps: [...running, write('st', ''), restart, write('st', 'text\n:1\n'), restart, who],
  },
  'a status file that is not there': {
    options: files,
    steps: [...running, command('--restart', '--pid-file=pid', '--status-file=no'), who],
  },
  'before the first worker is accepted': { options: ['--interval=100', ...files], steps: [started(1), restart, who] },
  'a pid file that is not there': {
    options: files,
    steps: [
      ...running,
      command('--restart', '--pid-file=no', '--status-file=st'),
      command('--stop', '--pid-file=no'),
      who,
    ],
  },
  // The original opens it, and fails to read it, for --restart.
  'a pid file that is a directory': {
    options: files,
    files: { 'd/': '' },
    steps: [...running, command('--stop', '--pid-file=d'), who],
  },
  'a pid file below a file': {
    options: files,
    steps: [
      ...running,
      command('--restart', '--pid-file=pid/x', '--status-file=st'),
      command('--stop', '--pid-file=pid/x'),
      who,
    ],
  },
};

sideBySide(t, {
  ...commands,
  ...Object.fromEntries(
    Object.entries(commands)
      .slice(0, 16)
      .map(([name, scenario]) => [`by the other one: ${name}`, { ...scenario, crossed: true }]),
  ),
});
