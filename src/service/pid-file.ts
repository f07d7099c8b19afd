/** The pid file of a run, with the messages about it. */
import { exitCodes } from '../core/text/exit-codes.js';
import { failures } from '../core/text/failures.js';
import { messages } from '../core/loop/messages.js';
import { StarterError } from '../core/text/starter-error.js';
import { addon } from '../system/engine/addon.js';
import { PidFile, PidFileBlocked, PidFileLocked } from '../system/files/pid-file.js';
import { isSystemError } from '../system/engine/system-error.js';
import { attempt, reasonOf } from './attempt.js';
import type { FilesParts } from './files-parts.js';
import type { Owner } from './owner.js';
import { sayFailure, type Say } from './say.js';

/**
 * Locks the pid file, which `closing` removes and unlocks. That another superdaemon holds it, or that it cannot be opened, is
 * a StarterError. Gives back how to write our pid into it; that this cannot be done, on a full disk for instance, is
 * another. What the owner of the sockets has locked is locked, and written, when it has ended.
 */
export function lockPidFile(path: string, parts: FilesParts): () => void {
  const { say, closing, takeOver, owner } = parts;
  const file = lock(path, owner);
  if (file === 'of the owner') {
    takeOver.afterwards(() => {
      writeAfterOwner(path, parts);
    });
    return () => undefined;
  }
  closing.add(() => {
    release(path, file, say);
  });
  if (file.displaced !== undefined) say(messages.pidFileReplaced(path, file.displaced.pid, file.displaced.uid));
  return () => {
    attempt(
      () => {
        file.write();
      },
      (reason) => failures.cannotWritePidFile(path, reason),
    );
  };
}

/** Somebody else may have been faster; the service goes on without. */
function writeAfterOwner(path: string, parts: FilesParts): void {
  try {
    lockPidFile(path, { ...parts, owner: undefined })();
  } catch (error) {
    sayFailure(parts.say)(error);
  }
}

function lock(path: string, owner: Owner | undefined): PidFile | 'of the owner' {
  try {
    return attempt(
      () => PidFile.lock(path),
      (reason) => failures.cannotOpenPidFile(path, reason),
    );
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

/** Removes the pid file, then gives up its lock. */
function release(path: string, file: PidFile, say: Say): void {
  try {
    file.remove();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    say(messages.unlinkFailed(path, addon.strerror(error.errno)));
  }
  file.unlock();
}
