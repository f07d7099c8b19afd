import { closeSync, constants, fstatSync, ftruncateSync, readSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { addon } from './addon.js';
import { bytes } from './bytes.js';
import { pause } from './pause.js';
import { openUnplanted, Planted } from './planted.js';

/** How often a held lock is tried, ten milliseconds apart: --stop and --restart of others hold it to look at it. */
const lockTries = 6;

/** What is read of a file that somebody else has written. */
const longestLine = 128;

/** Another process holds the lock of the pid file. */
export class PidFileLocked extends Error {
  /** `holder` is the first line of the file, which the holder wrote; it may be empty. */
  constructor(readonly holder: string) {
    super(`locked by ${holder}`);
  }
}

/** The file by which a superdaemon is found, and by whose flock(2) it is known to live. */
export class PidFile {
  #written = false;

  private constructor(
    private readonly path: string,
    private readonly descriptor: number,
    private readonly created: boolean,
  ) {}

  /**
   * Opens and locks the file without changing its content; a lock that is held is waited for some tens of milliseconds.
   * Throws `PidFileLocked`, `Planted` (the original removes a /dev/null at its end), or what the system refuses.
   */
  static lock(path: string): PidFile {
    for (let tries = 0; ; tries += 1) {
      const file = PidFile.#open(path);
      const holder = file.#tryLock() ? undefined : file.#firstLine();
      // The holder before may have removed the file between our open and our lock.
      if (holder === undefined && (file.#isAtItsPath() || tries >= 10)) return file;
      closeSync(file.descriptor);
      if (holder !== undefined) throw new PidFileLocked(holder);
    }
  }

  static #open(path: string): PidFile {
    const [descriptor, created] = openOrCreate(path);
    if (fstatSync(descriptor).isFile()) return new PidFile(path, descriptor, created);
    closeSync(descriptor);
    throw new Planted('EINVAL', 'it is no regular file');
  }

  #firstLine(): string {
    const buffer = Buffer.alloc(longestLine);
    const length = readSync(this.descriptor, buffer, 0, longestLine, 0);
    return buffer.toString('latin1', 0, length).split('\n', 1)[0] ?? '';
  }

  #tryLock(): boolean {
    for (let tries = 1; !addon.tryLock(this.descriptor); tries += 1) {
      if (tries === lockTries) return false;
      pause(10);
    }
    return true;
  }

  /** Makes the file name this process. Throws what the system refuses; a file that was there is not emptied then. */
  write(): void {
    const line = bytes(`${String(process.pid)}\n`);
    writeFileSync(this.descriptor, line);
    ftruncateSync(this.descriptor, line.length);
    this.#written = true;
  }

  /**
   * Removes the file and keeps the lock; throws when it is gone. A file that was there before and never written stays
   * as it was, and so does one that somebody else has put in its place.
   */
  remove(): void {
    if (!this.#written && !this.created) return;
    const gone = statSync(bytes(this.path), { throwIfNoEntry: false }) === undefined;
    if (gone || this.#isAtItsPath()) unlinkSync(bytes(this.path));
  }

  /** Lets others have the lock. */
  unlock(): void {
    closeSync(this.descriptor);
  }

  #isAtItsPath(): boolean {
    const there = statSync(bytes(this.path), { bigint: true, throwIfNoEntry: false });
    const here = fstatSync(this.descriptor, { bigint: true });
    return there?.dev === here.dev && there.ino === here.ino;
  }
}

function openOrCreate(path: string): [descriptor: number, created: boolean] {
  try {
    return [openUnplanted(path, constants.O_RDWR), false];
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    return [openUnplanted(path, constants.O_RDWR | constants.O_CREAT), true];
  }
}
