/** Processes that are no children of ours: signalling them, telling whether they live, and waiting. */
import { fstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import type { SystemError } from '../engine/addon.js';
import { procOfOurPids } from './proc.js';
import { isSystemError } from '../engine/system-error.js';

/** One process; its start time tells it from a later process with the same pid. */
export class OtherProcess {
  /** When it was started, as the system writes it; undefined where the process has ended, or is hidden from us. */
  readonly start: string | undefined;

  /** `proc` is where proc(5) is mounted for our pids; a system without it, as macOS, tells less. */
  constructor(
    readonly pid: number,
    private readonly proc = procOfOurPids(),
  ) {
    this.start = statOf(this.pid, this.proc)?.start;
  }

  /** Throws a system error when the signal is refused, or when no process, or another one, has the pid by now. */
  signal(signal: 'HUP' | 'TERM' | number): void {
    if (!this.#isStillItself()) throw new NoSuchProcess();
    process.kill(this.pid, typeof signal === 'number' ? signal : `SIG${signal}`);
  }

  /** A zombie does not count as alive: its parent may never reap it. */
  isAlive(): boolean {
    const stat = statOf(this.pid, this.proc);
    if (stat === undefined) return isThere(this.pid);
    return !/[ZX]/.test(stat.state) && this.#isStillItself(stat);
  }

  /** Seconds since its start, which is told in hundredths of a second; undefined where the system does not tell us. */
  age(): number | undefined {
    if (this.proc === undefined || this.start === undefined) return undefined;
    try {
      const uptime = Number(readFileSync(`${this.proc}/uptime`, 'latin1').split(' ', 1)[0]);
      return Math.round(uptime * 100 - Number(this.start)) / 100;
    } catch {
      return undefined; // proc(5) may be mounted so that it shows processes only
    }
  }

  /** Its parent's pid; undefined when it has ended, or where the system does not tell us. */
  parent(): number | undefined {
    const stat = statOf(this.pid, this.proc);
    return stat !== undefined && this.#isStillItself(stat) ? stat.parent : undefined;
  }

  /** Whether `isAlive` can tell a zombie from a living process. */
  get zombieIsTold(): boolean {
    return this.start !== undefined;
  }

  /** Whether it has the file open that our descriptor is for; undefined when the system does not tell us. */
  hasOpen(descriptor: number): boolean | undefined {
    if (this.pid === process.pid) return false; // we would only find this descriptor itself
    if (this.proc === undefined) return undefined;
    const directory = `${this.proc}/${String(this.pid)}/fd`;
    try {
      const { dev, ino } = fstatSync(descriptor, { bigint: true });
      const isOpen = readdirSync(directory).some((number) => {
        const other = statSync(`${directory}/${number}`, { bigint: true, throwIfNoEntry: false });
        return other?.dev === dev && other.ino === ino;
      });
      return isOpen && this.#isStillItself();
    } catch {
      // No process has the pid, or it is another user's, or hidden from us.
      return isThere(this.pid) ? undefined : false;
    }
  }

  #isStillItself(stat = statOf(this.pid, this.proc)): boolean {
    return this.start === undefined || stat === undefined || stat.start === this.start;
  }
}

class NoSuchProcess extends Error implements SystemError {
  readonly code = 'ESRCH';
  readonly errno = -constants.errno.ESRCH;
  readonly syscall = 'kill';

  constructor() {
    super('ESRCH: no such process any more, kill');
  }
}

/** Whether a process has the pid; kill(2) tells that on every system. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(isSystemError(error) && error.code === 'ESRCH');
  }
}

/** What /proc tells of a process; a zombie's state is Z. */
export interface ProcessStat {
  readonly state: string;
  /** The parent's pid. */
  readonly parent: number;
  /** The start time, in ticks since the start of the machine. */
  readonly start: string;
}

/**
 * Whether the process is about to be gone: it is a zombie, whose remaining threads may still have its files and locks; or
 * it was killed and has not run since; or it is closing what it had open.
 */
export function isOnItsWayOut(pid: number, proc = procOfOurPids()): boolean {
  if (proc === undefined) return false;
  try {
    const read = (file: string) => readFileSync(`${proc}/${String(pid)}/${file}`, 'latin1');
    const [, state = '', flags = 0] = /^\d+ \(.*\) (\S) (?:\S+ ){5}(\d+)/s.exec(read('stat')) ?? [];
    const pending = Array.from(read('status').matchAll(/^(?:Sig|Shd)Pnd:\s*([0-9a-f]+)$/gm), ([, mask]) => mask);
    const isKilled = pending.some((mask) => (parseInt(mask?.slice(-4) ?? '0', 16) & killBit) !== 0);
    return /[ZX]/.test(state) || (Number(flags) & exitingFlag) !== 0 || isKilled;
  } catch {
    return false; // gone, or hidden from us
  }
}

/** The bit of SIGKILL in a signal mask, and that of an exiting process in the flags of /proc/PID/stat. */
const killBit = 1 << (constants.signals.SIGKILL - 1);
const exitingFlag = 4;

/** Undefined for a process that is gone or hidden from us, and where there is no /proc of our pids. */
export function statOf(pid: number, proc = procOfOurPids()): ProcessStat | undefined {
  if (proc === undefined) return undefined;
  try {
    const text = readFileSync(`${proc}/${String(pid)}/stat`, 'latin1');
    // The name may hold anything, parentheses too; state and parent are the third and fourth field, the start the 22nd.
    const [, state = '', parent, start = ''] = /^\d+ \(.*\) (\S) (\d+) (?:\S+ ){17}(\d+)/s.exec(text) ?? [];
    return { state, parent: Number(parent), start };
  } catch {
    return undefined;
  }
}

/** Lets some milliseconds pass while everything else goes on. */
export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The same for what is of no use when there is nothing else to do: a program that has the library ends all the same. */
export function idle(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}

/**
 * Sends a signal to a child that was not reaped yet or, with a minus before its pid, to the process group that it leads. A
 * child that has ended, or has become another user's, gets none: as in the original, its death is awaited all the same.
 */
export function sendSignal(pid: number, signal: number): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}
