/** Deaths of workers. */
import t from 'tap';
import {
  awaitFile,
  dead,
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

const died = (worker: number, status: number) =>
  wait(`worker W${String(worker)} died unexpectedly with status:${String(status)}, restarting`);
const failed = (worker: number, status: number) =>
  wait(`new worker W${String(worker)} seems to have failed to start, exit status:${String(status)}`);

/** How the probe leaves, and the wait status of that. Cores are off, since where they go differs between machines. */
const ways: readonly (readonly [way: string, status: number])[] = [
  ['-x 0', 0],
  ['-x 3', 768],
  ['-x 255', 65280],
  ['-k TERM', 15],
  ['-k HUP', 1],
  ['-k KILL', 9],
  ['-k SEGV', 11],
];
const coreless = ['sh', '-c', 'ulimit -c 0; exec "$@"', 'sh'];

/** Fails in these generations; who watches may come as late as it likes. */
const broken = (...generations: readonly number[]): Scenario => ({
  options: ['--interval=2', '--port=127.0.0.1:0', '--status-file=st'],
  probe: ['-g', generations.join()],
});

sideBySide(t, {
  ...Object.fromEntries(
    ways.map(([way, status]): [string, Scenario] => [
      `later than the interval, by ${way}`,
      {
        probe: way.split(' '),
        under: coreless,
        steps: [started(1), kill(1, 'SIGTERM'), died(1, status), started(2)],
        end: 'KILL',
      },
    ]),
  ),
  ...Object.fromEntries(
    ways.map(([way, status]): [string, Scenario] => [
      `within the interval, by ${way}`,
      {
        options: ['--interval=2'],
        probe: ['-d', '0', ...way.split(' ')],
        under: coreless,
        steps: [failed(1, status), started(2), dead(2)],
        end: 'KILL',
      },
    ]),
  ),
  ...Object.fromEntries(
    (['SIGKILL', 'SIGABRT', 'SIGHUP', 'SIGUSR1'] as const).map((name): [string, Scenario] => [
      `killed by ${name}`,
      { program: ['sleep', '100'], under: coreless, steps: [started(1), kill(1, name), started(2), who] },
    ]),
  ),
  'one after the other': {
    options: ['--status-file=st'],
    steps: [1, 2, 3, 4].flatMap((worker) => [started(worker), kill(worker), started(worker + 1), look]),
  },
  'the first worker fails until it is repaired': {
    ...broken(1, 2, 3),
    steps: [failed(1, 2304), started(2), look, failed(2, 2304), started(4), awaitFile('st', '4:W4\n')],
  },
  'a deploy fails until it is repaired, the old worker serves on': {
    ...broken(2, 3),
    steps: [started(1), awaitFile('st', '1:W1\n'), signal('SIGHUP'), failed(2, 2304), started(4), ended(1), who, look],
  },
  'the worker dies, and its successors fail until that is repaired': {
    ...broken(2, 3),
    steps: [
      started(1),
      awaitFile('st', '1:W1\n'),
      kill(1),
      died(1, 9),
      failed(2, 2304),
      started(4),
      awaitFile('st', '4:W4\n'),
    ],
  },
  'an old worker dies before the new one, by its own code': {
    probe: ['-x', '1'],
    steps: [...reload(2, 256), ...reload(3, 256)],
  },
  'the current worker dies while an old one stays': {
    options: ['--signal-on-hup=USR2', '--status-file=st'],
    steps: [
      started(1),
      signal('SIGHUP'),
      wait('killing old workers'),
      kill(2),
      died(2, 9),
      started(3),
      look,
      kill(1),
      ended(1, 9),
      look,
    ],
  },
  'STOP and CONT of a worker are not noticed': {
    steps: [started(1), kill(1, 'SIGSTOP'), who, kill(1, 'SIGCONT'), who],
  },
  'grandchildren are left alone': {
    program: ['sh', '-c', '{probe} >output 2>&1 & echo $! > grandchild; wait'],
    steps: [started(1), awaitFile('grandchild', 'X1\n'), kill(1), started(2), awaitFile('grandchild', 'X2\n')],
  },
});
