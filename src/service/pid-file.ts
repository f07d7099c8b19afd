/** The pid file of a run, with the messages about it. */
import type { PidFilePart } from '../core/handover/document.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { failures } from '../core/text/failures.js';
import { messages } from '../core/loop/messages.js';
import { StarterError } from '../core/text/starter-error.js';
import { addon } from '../system/engine/addon.js';
import type { Keep } from '../system/engine/keep.js';
import { PidFile, PidFileBlocked, PidFileLocked } from '../system/files/pid-file.js';
import { isSystemError } from '../system/engine/system-error.js';
import { attempt, reasonOf } from './attempt.js';
import type { Say } from './say.js';

/** The pid file of a run. */
export class RunPidFile {
  private constructor(
    private readonly path: string,
    private readonly file: PidFile,
    private readonly say: Say,
  ) {}

  /** Locks it. That another superdaemon holds it, or that it cannot be opened, is a StarterError. */
  static lock(path: string, say: Say): RunPidFile {
    const file = lock(path);
    if (file.displaced !== undefined)
      say(messages.pidFileReplaced(path, file.displaced.pid, file.displaced.uid), 'warning');
    return new RunPidFile(path, file, say);
  }

  static takeUp(path: string, part: PidFilePart, say: Say): RunPidFile {
    return new RunPidFile(path, PidFile.takeUp(path, part), say);
  }

  /** Writes our pid into it; that this cannot be done, on a full disk for instance, is a StarterError. */
  write(): void {
    attempt(
      () => {
        this.file.write();
      },
      (reason) => failures.cannotWritePidFile(this.path, reason),
    );
  }

  handOver(keep: Keep): PidFilePart {
    return this.file.handOver(keep);
  }

  /** Removes it, then gives up its lock. */
  close(): void {
    try {
      this.file.remove();
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.say(messages.unlinkFailed(this.path, addon.strerror(error.errno)), 'warning');
    }
    this.file.unlock();
  }
}

function lock(path: string): PidFile {
  try {
    return attempt(
      () => PidFile.lock(path),
      (reason) => failures.cannotOpenPidFile(path, reason),
    );
  } catch (error) {
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
