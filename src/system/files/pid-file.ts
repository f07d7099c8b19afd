import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  readSync,
  realpathSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import type { PidFilePart } from '../../core/handover/document.js';
import { addon } from '../engine/addon.js';
import type { Keep } from '../engine/keep.js';
import { bytes } from '../engine/bytes.js';
import { isFileAt } from './file-at-path.js';
import { lockHoldersOf } from './lock-holders.js';
import { outsiderLocking, type Outsider } from './outsider.js';
import { pause } from '../engine/pause.js';
import { lookForNewFile } from './look-at-place.js';
import { lookSafely, openSafely, UnsafeFile } from './safe-open.js';
import { pidInProc } from '../processes/proc.js';
import { isOnItsWayOut, statOf } from '../processes/process.js';
import { replacementOf } from './replacement.js';

/** How often a held lock is tried, ten milliseconds apart: --stop and --restart of others hold it to look at it. */
const lockTries = 6;

/** How often it is tried when its holder was killed: a busy machine takes a while to close the files of a process. */
const triesOfEnding = 500;

/** How often we begin again because the path leads to another file than the one that was locked. */
const mostTries = 10;

/** What is read of a file that somebody else has written. */
const longestLine = 128;

/** Another process holds the lock of the pid file. */
export class PidFileLocked extends Error {
  /** `holder` is its pid, or the first line of the file, which the holder wrote; it may be empty. */
  constructor(readonly holder: string) {
    super(`locked by ${holder}`);
  }
}

/** Another user's process, which could never have written the file, holds its lock, and the file cannot be replaced. */
export class PidFileBlocked extends Error {
  constructor(
    readonly outsider: Outsider,
    override readonly cause: unknown,
  ) {
    super(`locked by ${String(outsider.pid)}`);
  }
}

/** The file by which a superdaemon is found, and by whose flock(2) it is known to live. */
export class PidFile {
  #written = false;

  private constructor(
    private readonly path: string,
    private readonly descriptor: number,
    private readonly created: boolean,
    /** The process that has locked the file whose place this one has taken. */
    readonly displaced?: Outsider,
  ) {}

  /**
   * Opens and locks the file without changing its content; a lock that is held is waited for some tens of milliseconds.
   * Throws `PidFileLocked`, `PidFileBlocked`, `UnsafeFile` (the original removes a /dev/null at its end), or what the
   * system refuses.
   */
  static lock(path: string): PidFile {
    for (let tries = 0; ; tries += 1) {
      const file = PidFile.#open(path);
      let taken: PidFile | undefined;
      try {
        taken = file.#tryLock() ? file.#unlessMoved(tries) : file.#replacement(tries);
      } finally {
        if (taken !== file) closeSync(file.descriptor);
      }
      if (taken !== undefined) return taken;
    }
  }

  /** Throws what `lock` would throw, and changes nothing: a file that is there is locked for a moment. */
  static look(path: string): void {
    lookSafely(path, constants.R_OK | constants.W_OK);
    const found = statSync(bytes(path), { throwIfNoEntry: false });
    if (found === undefined) return;
    if (!found.isFile()) throw new UnsafeFile('no file');
    const file = new PidFile(path, openSafely(path, constants.O_RDONLY), false);
    try {
      if (!file.#tryLock()) file.#lookToReplace();
    } finally {
      closeSync(file.descriptor);
    }
  }

  /** Goes on with the file that the image before has locked. */
  static takeUp(path: string, { descriptor, created, written }: PidFilePart): PidFile {
    addon.setCloseOnExec(descriptor);
    const file = new PidFile(path, descriptor, created);
    file.#written = written;
    return file;
  }

  handOver(keep: Keep): PidFilePart {
    return { descriptor: keep(this.descriptor), created: this.created, written: this.#written };
  }

  static #open(path: string): PidFile {
    const [descriptor, created] = openOrCreate(path);
    if (fstatSync(descriptor).isFile()) return new PidFile(path, descriptor, created);
    closeSync(descriptor);
    throw new UnsafeFile('no file');
  }

  /** Undefined where the holder before us has removed the file between our open and our lock. */
  #unlessMoved(tries: number): this | undefined {
    return isFileAt(this.path, this.descriptor) || tries >= mostTries ? this : undefined;
  }

  /** Undefined when somebody else is about to put a new file there, or has just done it. */
  #replacement(tries: number): PidFile | undefined {
    const outsider = tries < mostTries ? outsiderLocking(this.descriptor) : undefined;
    if (outsider === undefined) throw new PidFileLocked(this.#holder());
    try {
      const descriptor = replacementOf(this.descriptor);
      if (descriptor !== undefined) return new PidFile(this.path, descriptor, this.created, outsider);
    } catch (error) {
      throw new PidFileBlocked(outsider, error);
    }
    pause(10);
    return undefined;
  }

  #lookToReplace(): void {
    const outsider = outsiderLocking(this.descriptor);
    if (outsider === undefined) throw new PidFileLocked(this.#holder());
    try {
      lookForNewFile(realpathSync.native(bytes(this.path), 'latin1'));
    } catch (error) {
      throw new PidFileBlocked(outsider, error);
    }
  }

  /** The pid that the file names, unless that is known to be another process than the holder. */
  #holder(): string {
    const named = this.#firstLine();
    const holders = lockHoldersOf(this.descriptor).map(pidInProc);
    const other = holders.find((pid) => pid !== undefined && statOf(pid) !== undefined);
    return holders.some((pid) => String(pid) === named) ? named : String(other ?? named);
  }

  #firstLine(): string {
    const buffer = Buffer.alloc(longestLine);
    const length = readSync(this.descriptor, buffer, 0, longestLine, 0);
    return buffer.toString('latin1', 0, length).split('\n', 1)[0] ?? '';
  }

  #tryLock(): boolean {
    for (let tries = 1; !addon.tryLock(this.descriptor); tries += 1) {
      if (tries >= (this.#isHolderEnding() ? triesOfEnding : lockTries)) return false;
      pause(10);
    }
    return true;
  }

  #isHolderEnding(): boolean {
    return lockHoldersOf(this.descriptor).some((pid) => isOnItsWayOut(pidInProc(pid) ?? NaN));
  }

  /** Writes our pid to the file. Throws what the system refuses, and then the content of the file stays. */
  write(): void {
    const line = bytes(`${String(process.pid)}\n`);
    writeFileSync(this.descriptor, line);
    ftruncateSync(this.descriptor, line.length);
    this.#written = true;
  }

  /**
   * Removes the file and keeps the lock; throws when it is gone. A file that was there before us and that we have not
   * written stays as it was, and so does a file that somebody else has put in its place.
   */
  remove(): void {
    if (!this.#written && !this.created) return;
    const gone = statSync(bytes(this.path), { throwIfNoEntry: false }) === undefined;
    if (gone || isFileAt(this.path, this.descriptor)) unlinkSync(bytes(this.path));
  }

  /** Gives the lock back. */
  unlock(): void {
    closeSync(this.descriptor);
  }
}

function openOrCreate(path: string): [descriptor: number, created: boolean] {
  try {
    return [openSafely(path, constants.O_RDWR), false];
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    return [openSafely(path, constants.O_RDWR | constants.O_CREAT), true];
  }
}
