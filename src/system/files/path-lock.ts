import { closeSync, constants, fstatSync, lstatSync, unlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { addon } from '../engine/addon.js';
import { bytes } from '../engine/bytes.js';
import { isFileAt } from './file-at-path.js';
import { openSafely } from './safe-open.js';

/**
 * To put something of ours at a path takes steps: see what is there, remove it if it is stale, make the new. Two processes
 * that take them at the same time would remove what the other one has just made. So they take turns, by a lock on a file
 * beside the path, which exists only during these steps. A process that was killed at that very moment may leave the lock
 * file; the next process uses and removes it.
 */
export class PathLock {
  private constructor(
    private readonly path: string,
    private readonly descriptor: number | undefined,
  ) {}

  /** The name of the lock file: one that `ls` and `*` do not show. */
  static fileOf(path: string): string {
    return `${dirname(path)}/.${basename(path)}.lock`;
  }

  /** A lock of nothing: for steps that cannot be guarded, and are taken all the same. */
  static none(path: string): PathLock {
    return new PathLock(path, undefined);
  }

  /**
   * Does not wait: 'held' while another process has the lock, 'foreign' while the lock file is another user's, who may have
   * planted it. Where no lock file can be made, the lock is one of nothing: as a rule the next step fails, too, and has the
   * better message.
   */
  static tryTake(path: string): PathLock | 'held' | 'foreign' {
    const file = PathLock.fileOf(path);
    for (let tries = 0; tries < 10; tries += 1) {
      const descriptor = openLockFile(file);
      if (descriptor === undefined) return isForeign(file) ? 'foreign' : PathLock.none(path);
      if (!addon.tryLock(descriptor)) {
        closeSync(descriptor);
        return 'held';
      }
      // The holder before us may have removed the file between our open and our lock.
      if (isFileAt(file, descriptor)) return new PathLock(path, descriptor);
      closeSync(descriptor);
    }
    return 'held';
  }

  release(): void {
    if (this.descriptor === undefined) return;
    const file = PathLock.fileOf(this.path);
    try {
      if (isFileAt(file, this.descriptor)) unlinkSync(bytes(file));
    } catch {
      // its directory is gone, or was made read-only: nothing that an error could mend
    }
    closeSync(this.descriptor);
  }
}

/** Undefined where it cannot be opened. No other user may open a file that we make: whoever can read it can lock it. */
function openLockFile(file: string): number | undefined {
  try {
    const descriptor = openSafely(file, constants.O_RDWR | constants.O_CREAT, 0o600);
    const { uid } = fstatSync(descriptor);
    if (uid === 0 || uid === process.geteuid?.()) return descriptor;
    closeSync(descriptor);
  } catch {
    // what stands in the way is told by the next step
  }
  return undefined;
}

function isForeign(file: string): boolean {
  try {
    return lstatSync(bytes(file), { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false; // no directory
  }
}
