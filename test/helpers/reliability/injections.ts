/** What can be done to a superdaemon and its surroundings. Each begins something and gives back how to end it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { renameSync, rmdirSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../eventually.js';
import { isSleeper } from '../running/upgrades.js';
import type { LedgerRun } from './ledger-run.js';
import type { Chance } from './reliability.js';
import { cannotMount, fill } from '../place/tiny-disk.js';
import { procFile } from '../processes/proc-file.js';

export interface Injection {
  readonly name: string;
  /** Whether the superdaemon may be another image afterwards, or have another command line. */
  readonly changesImage?: boolean;
  /** Why it cannot be done here; false where it can. */
  readonly lacks?: () => string | false;
  readonly inject: (run: LedgerRun, chance: Chance) => Undo | Promise<Undo>;
}

export type Undo = () => void | Promise<void>;

const nothing: Undo = () => undefined;

/** None of these may end a superdaemon; HUP restarts, USR1 opens the log again, the others do nothing. */
export const harmless = ['HUP', 'USR1', 'ALRM', 'CHLD', 'WINCH', 'CONT', 'PIPE', 'URG', 'XFSZ'] as const;

/** Signals that stop a superdaemon until CONT; the last three come from a terminal. */
const pausing = ['STOP', 'TSTP', 'TTIN', 'TTOU'] as const;

const isRoot = process.getuid?.() === 0;
const needsRoot = () => !isRoot && 'only root can do that';

/**
 * Of two injections of one sort at the same time the second does nothing: it would only disturb the first, or wait for what
 * the first prevents, as a node that boots without threads is not loaded.
 */
function alone(sort: string, inject: (run: LedgerRun) => Undo | Promise<Undo>): (run: LedgerRun) => Promise<Undo> {
  return async (run) => {
    const underWay = injured.get(run) ?? new Set();
    if (underWay.has(sort)) return nothing;
    injured.set(run, underWay.add(sort));
    const undo = await inject(run);
    return () => {
      underWay.delete(sort);
      return undo();
    };
  };
}

const injured = new WeakMap<LedgerRun, Set<string>>();

const toWorkers: readonly Injection[] = [
  {
    name: 'the current worker crashes',
    inject: (run) => {
      run.kill(run.current.pid, 'SIGUSR2');
      return nothing;
    },
  },
  {
    name: 'deploys fail',
    inject: (run) => {
      run.breakDeploys();
      return () => run.mendDeploys();
    },
  },
  {
    name: 'an old worker stalls',
    inject: (run) => {
      const { pid } = run.current;
      run.kill(pid, 'SIGSTOP');
      return () => void run.kill(pid, 'SIGCONT');
    },
  },
];

async function storm(run: LedgerRun, chance: Chance, signals: readonly string[]): Promise<Undo> {
  for (let left = 20; left > 0; left -= 1) {
    run.run.signal(`SIG${chance.pick(signals)}` as NodeJS.Signals);
    if (chance.below(4) === 0) await pause(chance.below(5));
  }
  return nothing;
}

const toTheSuperdaemon: readonly Injection[] = [
  {
    name: 'a storm of 20 signals',
    inject: (run, chance) => storm(run, chance, harmless),
  },
  {
    name: 'a storm of 20 signals, upgrades among them',
    changesImage: true,
    inject: (run, chance) => storm(run, chance, [...harmless, 'USR2']),
  },
  {
    name: 'another command line, with one more port',
    changesImage: true,
    inject: (run) => {
      run.reconfigure();
      return nothing;
    },
  },
  {
    name: 'stopped and continued',
    inject: (run, chance) => {
      run.run.signal(`SIG${chance.pick(pausing)}`);
      return () => run.run.signal('SIGCONT');
    },
  },
  {
    name: 'no descriptor left (EMFILE)',
    inject: alone('limits', async (run) => {
      const { pid } = run.run;
      const [, soft = '', hard = ''] = /^Max open files\s+(\d+)\s+(\d+)/m.exec(limitsOf(pid)) ?? [];
      // A worker has room for its sockets at 3 to 5. The superdaemon has none: it uses these numbers, and 6 is too high.
      await onceLoaded(pid, () => limitDescriptors(pid, `6:${hard}`));
      return () => limitDescriptors(pid, `${soft}:${hard}`);
    }),
  },
  {
    name: 'no fork (EAGAIN)',
    lacks: () => (existsSync(pidsController) && isRoot ? false : 'no pids controller of version 1'),
    inject: alone('limits', (run) => {
      const group = join(pidsController, `superdaemon-${String(run.run.pid)}`);
      if (!existsSync(group)) mkdirSync(group);
      writeFileSync(join(group, 'cgroup.procs'), String(run.run.pid));
      writeFileSync(join(group, 'pids.max'), '1');
      return async () => {
        writeFileSync(join(group, 'pids.max'), 'max');
        await leaveGroup(group);
      };
    }),
  },
];

const toItsFiles: readonly Injection[] = [
  {
    name: 'disk full',
    lacks: cannotMount,
    inject: alone('disk', (run) => {
      fill(run.disk);
      return () => rmSync(join(run.disk, 'filler'));
    }),
  },
  {
    name: 'directory of pid file and status file moved away',
    inject: alone('disk', (run) => {
      const [here, away] = [join(run.disk, 'run'), join(run.disk, 'away')];
      renameSync(here, away);
      return () => renameSync(away, here);
    }),
  },
  {
    name: 'status file removed',
    inject: alone('disk', (run) => {
      rmSync(join(run.disk, 'run/status'), { force: true });
      return nothing;
    }),
  },
  {
    name: 'status file replaced by a link',
    inject: alone('disk', (run) => {
      const draft = join(run.disk, 'run/link');
      symlinkSync('/dev/null', draft);
      renameSync(draft, join(run.disk, 'run/status'));
      return nothing;
    }),
  },
  {
    name: 'directory of the status file immutable',
    lacks: cannotBeImmutable,
    inject: alone('disk', (run) => {
      const directory = join(run.disk, 'run');
      execFileSync('chattr', ['+i', directory]);
      return () => void execFileSync('chattr', ['-i', directory]);
    }),
  },
];

const toItsSurroundings: readonly Injection[] = [
  {
    name: 'logger killed',
    inject: (run) => {
      for (const pid of run.childrenCalled('cat')) run.kill(pid, 'SIGKILL');
      return nothing;
    },
  },
  {
    name: 'logger stalled and its pipe full',
    inject: (run) => {
      const loggers = run.childrenCalled('cat');
      for (const pid of loggers) run.kill(pid, 'SIGSTOP');
      fillPipe(`/proc/${String(run.run.pid)}/fd/2`);
      return () => loggers.forEach((pid) => void run.kill(pid, 'SIGCONT'));
    },
  },
  {
    name: 'wall clock set, by up to ten years back or forth',
    inject: (run, chance) => {
      const file = openSync(join(run.directory, 'clock'), constants.O_WRONLY);
      const tenYears = 315_360_000;
      writeSync(file, seconds(chance.below(2 * tenYears) - tenYears), 0, 8, 0);
      closeSync(file);
      return nothing;
    },
  },
];

export const injections: readonly Injection[] = [
  ...toWorkers,
  ...toTheSuperdaemon,
  ...toItsFiles,
  ...toItsSurroundings,
];

const pidsController = '/sys/fs/cgroup/pids';

/** Ends the group; its processes go back to the group of all. A process that is being forked meanwhile is seen later. */
async function leaveGroup(group: string): Promise<void> {
  await eventually('the end of the group', () => {
    for (const pid of readFileSync(join(group, 'cgroup.procs'), 'latin1').split('\n').filter(Boolean)) {
      try {
        writeFileSync(join(pidsController, 'cgroup.procs'), pid);
      } catch {
        // ESRCH: ended meanwhile
      }
    }
    try {
      rmdirSync(group);
      return true;
    } catch {
      return false; // EBUSY
    }
  });
}

function limitsOf(pid: number): string {
  return procFile(pid, 'limits');
}

function limitDescriptors(pid: number, limits: string): void {
  execFileSync('prlimit', [`--pid=${String(pid)}`, `--nofile=${limits}`]);
}

/**
 * Does something while the program of a process is not just being loaded, when few descriptors would end it before
 * anybody could start it again: node has one thread then, and the sleeper needs no libraries.
 */
async function onceLoaded(pid: number, act: () => void): Promise<void> {
  await eventually('a program that is loaded', () => {
    process.kill(pid, 'SIGSTOP');
    const isLoaded = readdirSync(`/proc/${String(pid)}/task`).length > 1 || isSleeper(pid);
    if (isLoaded) act();
    process.kill(pid, 'SIGCONT');
    return isLoaded;
  });
}

function seconds(count: number): Buffer {
  const data = Buffer.alloc(8);
  data.writeBigInt64LE(BigInt(count));
  return data;
}

function fillPipe(path: string): void {
  const pipe = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    for (const size of [4096, 1]) {
      try {
        for (;;) writeSync(pipe, Buffer.alloc(size, '\n'));
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      }
    }
  } finally {
    closeSync(pipe);
  }
}

function cannotBeImmutable(): string | false {
  const refused = cannotMount();
  if (refused !== false) return refused;
  const script = 'mount -t tmpfs none /mnt && chattr +i /mnt && chattr -i /mnt';
  const { status } = spawnSync('unshare', ['-m', 'sh', '-c', script], { stdio: 'ignore' });
  return status === 0 ? false : needsRoot() || 'a small disk has no immutable files here';
}
