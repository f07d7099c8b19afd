/** The pid file and the status file of a run, with the messages about them. */
import { exitCodes } from '../core/text/exit-codes.js';
import { failures } from '../core/text/failures.js';
import { messages } from '../core/loop/messages.js';
import { StarterError } from '../core/text/starter-error.js';
import { formatStatus } from '../core/report/status-format.js';
import type { Worker } from '../core/loop/types.js';
import { addon } from '../system/engine/addon.js';
import { draftOf } from '../system/files/draft.js';
import { PidFile, PidFileBlocked, PidFileLocked } from '../system/files/pid-file.js';
import { StatusFile } from '../system/files/status-file.js';
import { isSystemError } from '../system/engine/system-error.js';
import { attempt, reasonOf } from './attempt.js';
import { tellOnce } from './tell-once.js';

/** Locks the pid file. That another superdaemon holds it, or that it cannot be opened, is a StarterError. */
export function lockPidFile(path: string, say: (line: string) => void): PidFile {
  try {
    const file = attempt(
      () => PidFile.lock(path),
      (reason) => failures.cannotOpenPidFile(path, reason),
    );
    if (file.displaced !== undefined) say(messages.pidFileReplaced(path, file.displaced.pid, file.displaced.uid));
    return file;
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

/** Writes our pid into it. That it cannot be written, on a full disk for instance, is a StarterError. */
export function writePidFile(path: string, file: PidFile): void {
  attempt(
    () => {
      file.write();
    },
    (reason) => failures.cannotWritePidFile(path, reason),
  );
}

/** Removes the pid file, then gives up its lock. */
export function releasePidFile(path: string, file: PidFile, say: (line: string) => void): void {
  try {
    file.remove();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    say(messages.unlinkFailed(path, addon.strerror(error.errno)));
  }
  file.unlock();
}

/** Makes sure that the status file can be written. */
export function openStatusFile(path: string): StatusFile {
  const file = new StatusFile(path);
  attempt(
    () => {
      file.probe();
    },
    (reason, stage) => messages.statusFailed(stage, draftOf(path), path, reason),
  );
  return file;
}

/**
 * Writes it again and again. A failure is told in the log once, until another one or a success follows; the service goes
 * on, and the next change tries again.
 */
export function statusWriter(
  path: string,
  file: StatusFile,
  say: (line: string) => void,
): (workers: readonly Worker[]) => void {
  const tell = tellOnce(say);
  return (workers) => {
    tell(failureToWrite(path, file, workers));
  };
}

function failureToWrite(path: string, file: StatusFile, workers: readonly Worker[]): string | undefined {
  try {
    file.write(formatStatus(workers));
    return undefined;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return messages.statusFailed(error.syscall, draftOf(path), path, addon.strerror(error.errno));
  }
}
