import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { addon } from './addon.js';
import { bytes } from './bytes.js';
import { pause } from './pause.js';
import type { OtherProcess } from './process.js';

/** How often a held lock is tried, a millisecond apart: another command may hold it just to look, as we do. */
const looks = 3;

/** Longer lines hold no pid. */
const longestLine = 128;

/**
 * The pid file of another process: read and looked at, never changed. It stays this very file when another one takes its
 * place at the path.
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
   * Whether nobody holds the lock, without waiting. To look at a lock is to take it, so a free one is given back by
   * closing the file at once: after a true nothing but `isFree` and `isRemoved` may be asked.
   */
  isFree(): boolean {
    for (let look = 1; !this.#isFree && look <= looks; look += 1) {
      if (look > 1) pause(1);
      if (addon.tryLock(this.descriptor)) this.#leaveFree();
    }
    return this.#isFree;
  }

  /** Whether the file was at no path any more when its lock was found free, as a superdaemon leaves it at its end. */
  get isRemoved(): boolean {
    return this.#isRemoved;
  }

  /** Whether this process has the very file open; undefined when the system does not tell us. */
  isOpenIn(process: OtherProcess): boolean | undefined {
    return process.hasOpen(this.descriptor);
  }

  #leaveFree(): void {
    this.#isFree = true;
    this.#isRemoved = fstatSync(this.descriptor).nlink === 0;
    closeSync(this.descriptor);
  }
}
