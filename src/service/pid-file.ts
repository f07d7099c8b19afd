/** The pid file of a run, with the messages about it. */
import type { PidFilePart } from '../core/handover/document.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { failures } from '../core/text/failures.js';
import { messages } from '../core/loop/messages.js';
import { StarterError } from '../core/text/starter-error.js';
import { addon } from '../system/engine/addon.js';
import type { Keep } from '../system/engine/keep.js';
import { lookForRoom } from '../system/files/look-at-place.js';
import { PidFile, PidFileBlocked, PidFileLocked } from '../system/files/pid-file.js';
import { isSystemError } from '../system/engine/system-error.js';
import { attempt, reasonOf } from './attempt.js';
import type { FilesParts } from './files-parts.js';
import type { Owner } from './owner.js';
import { sayFailure, type Say } from './say.js';

/** The pid file of a run. */
export class RunPidFile {
  /** Undefined while the process from which the sockets are taken has it locked. */
  #file: PidFile | undefined;

  private constructor(
    private readonly path: string,
    private readonly say: Say,
    file: PidFile | undefined,
  ) {
    this.#file = file;
    if (file?.displaced !== undefined)
      say(messages.pidFileReplaced(path, file.displaced.pid, file.displaced.uid), 'warning');
  }

  /**
   * Locks it. That another superdaemon holds it, or that it cannot be opened, is a StarterError. What the owner of the
   * sockets has locked is locked, and written, when it has ended.
   */
  static lock(path: string, { say, takeOver, owner }: FilesParts): RunPidFile {
    const file = unlessOfOwner(path, owner, () => PidFile.lock(path));
    if (file !== 'of the owner') return new RunPidFile(path, say, file);
    const later = new RunPidFile(path, say, undefined);
    takeOver.afterwards(() => {
      later.#writeAfterOwner();
    });
    return later;
  }

  /** Throws what `lock` and `write` would throw. */
  static look(path: string, owner: Owner | undefined): void {
    unlessOfOwner(path, owner, () => {
      PidFile.look(path);
    });
    attempt(
      () => {
        lookForRoom(path);
      },
      (reason) => failures.cannotWritePidFile(path, reason),
    );
  }

  static takeUp(path: string, part: PidFilePart, say: Say): RunPidFile {
    return new RunPidFile(path, say, PidFile.takeUp(path, part));
  }

  /** Writes our pid into it; throws a StarterError where that cannot be done, for instance on a full disk. */
  write(): void {
    attempt(
      () => {
        this.#file?.write();
      },
      (reason) => failures.cannotWritePidFile(this.path, reason),
    );
  }

  /** Undefined where the file could not be locked. */
  handOver(keep: Keep): PidFilePart | undefined {
    return this.#file?.handOver(keep);
  }

  /** Removes it, then gives up its lock. */
  close(): void {
    try {
      this.#file?.remove();
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.say(messages.unlinkFailed(this.path, addon.strerror(error.errno)), 'warning');
    }
    this.#file?.unlock();
  }

  /** Somebody else may have been faster; then the service goes on without a pid file. */
  #writeAfterOwner(): void {
    try {
      const file = unlessOfOwner(this.path, undefined, () => PidFile.lock(this.path));
      if (file !== 'of the owner') this.#file = file;
      this.write();
    } catch (error) {
      sayFailure(this.say)(error);
    }
  }
}

/** Throws a StarterError for what `act` throws because of the lock, or because of the system. */
function unlessOfOwner<T>(path: string, owner: Owner | undefined, act: () => T): T | 'of the owner' {
  try {
    return attempt(act, (reason) => failures.cannotOpenPidFile(path, reason));
  } catch (error) {
    if (error instanceof PidFileLocked && error.holder === String(owner?.pid)) return 'of the owner';
    const message = lockFailure(path, error);
    if (message === undefined) throw error;
    throw new StarterError({ message, exitCode: exitCodes.usage.code }, error);
  }
}

function lockFailure(path: string, error: unknown): string | undefined {
  if (error instanceof PidFileLocked) return failures.pidFileHeld(path, error.holder);
  if (!(error instanceof PidFileBlocked)) return undefined;
  const { outsider, cause } = error;
  return failures.pidFileBlocked(
    path,
    outsider.pid,
    outsider.uid,
    isSystemError(cause) ? reasonOf(cause) : String(cause),
  );
}
