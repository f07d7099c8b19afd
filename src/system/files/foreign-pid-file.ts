import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { addon } from '../engine/addon.js';
import { bytes } from '../engine/bytes.js';
import { lockHoldersOf } from './lock-holders.js';
import { outsiderLocking } from './outsider.js';
import { pause } from '../engine/pause.js';
import { pidInProc } from '../processes/proc.js';
import type { OtherProcess } from '../processes/process.js';

/** How often a lock is tried, a millisecond apart, that another command may hold just to look. */
const looks = 3;

/** Longer lines hold no pid. */
const longestLine = 128;

/**
 * The pid file of another process: read and looked at, never changed. The object stays with the file that it has opened,
 * even when another file takes its place at the path.
 */
export class ForeignPidFile {
  #isFree = false;
  #isRemoved = false;

  private constructor(private readonly descriptor: number) {}

  /** Throws what the system refuses. A named pipe has nothing to read, and is not waited for. */
  static open(path: string, mode: 'r' | 'r+'): ForeignPidFile {
    const access = mode === 'r' ? constants.O_RDONLY : constants.O_RDWR;
    return new ForeignPidFile(openSync(bytes(path), access | constants.O_NONBLOCK));
  }

  /** The first line as it is at this moment, without its newline. Throws what the system refuses. */
  firstLine(): string {
    const buffer = Buffer.alloc(longestLine);
    const length = readSync(this.descriptor, buffer, 0, longestLine, 0);
    return buffer.toString('latin1', 0, length).split('\n', 1)[0] ?? '';
  }

  /**
   * Whether nobody holds the lock at this moment; another command may hold it just to look, as we do. One can only find out
   * by taking the lock, so a free lock is given back at once by closing the file: once this was true, nothing but `isFree`,
   * `isFreeBesideLooks` and `isRemoved` may be asked.
   */
  isFree(): boolean {
    if (!this.#isFree && addon.tryLock(this.descriptor)) this.#leaveFree();
    return this.#isFree;
  }

  /** The same for who does not ask again: waits for another command that just looks. */
  isFreeBesideLooks(): boolean {
    for (let look = 1; !this.isFree(); look += 1) {
      if (look === looks) return false;
      pause(1);
    }
    return true;
  }

  /** Whether the lock is held by somebody who could never have written the file, and so is no superdaemon. */
  isHeldByOutsider(): boolean {
    return outsiderLocking(this.descriptor) !== undefined;
  }

  /** Whether the file was removed by the time its lock was found free: a superdaemon removes it at its end. */
  get isRemoved(): boolean {
    return this.#isRemoved;
  }

  /** Whether the process has this very file open, or has locked it; undefined when the system tells us neither. */
  isHeldBy(process: OtherProcess): boolean | undefined {
    return process.hasOpen(this.descriptor) ?? this.#isLockedBy(process);
  }

  /** For a process of another user, or with more rights: its open files are hidden from us, but who holds a lock is not. */
  #isLockedBy({ pid }: OtherProcess): boolean | undefined {
    const holders = lockHoldersOf(this.descriptor).map(pidInProc);
    if (holders.includes(pid)) return true;
    return holders.length === 0 || holders.includes(undefined) ? undefined : false;
  }

  #leaveFree(): void {
    this.#isFree = true;
    this.#isRemoved = fstatSync(this.descriptor).nlink === 0;
    closeSync(this.descriptor);
  }
}
