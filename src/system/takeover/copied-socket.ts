/** A copied socket of another process: from then on both processes have the same open file. */
import { closeSync, fstatSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { addon, type SystemError } from '../engine/addon.js';
import { isSystemError } from '../engine/system-error.js';
import { procOfOurPids } from '../processes/proc.js';
import { statOf } from '../processes/process.js';
import type { Holder } from '../sockets/holders.js';

/**
 * A descriptor for the socket with this inode; undefined where the process has ended or closed it since it was looked at.
 * Throws what the system refuses, and refuses itself what is another user's, whatever rights this process has, unless it is
 * root's.
 */
export function copySocket(holder: Holder, inode: string): number | undefined {
  for (const [number, held] of holder.sockets) {
    if (held !== inode) continue;
    if (!isOfThisUser(holder.pid)) throw new NotPermitted();
    const copy = copied(holder.pid, number);
    if (copy === undefined) continue;
    // By now the number may be another file's, and the pid another process's.
    if (String(fstatSync(copy).ino) === inode && statOf(holder.pid)?.start === holder.start) return copy;
    closeSync(copy);
  }
  return undefined;
}

function copied(pid: number, descriptor: number): number | undefined {
  try {
    return addon.copyDescriptor(pid, descriptor);
  } catch (error) {
    if (isSystemError(error) && ['ESRCH', 'EBADF'].includes(error.code)) return undefined;
    throw error;
  }
}

/** A process that may do more than its user is hidden: in /proc it belongs to root. */
function isOfThisUser(pid: number): boolean {
  const own = process.geteuid?.();
  if (own === 0) return true;
  return statSync(`${procOfOurPids() ?? ''}/${String(pid)}`, { throwIfNoEntry: false })?.uid === own;
}

class NotPermitted extends Error implements SystemError {
  readonly code = 'EPERM';
  readonly errno = -constants.errno.EPERM;
  readonly syscall = 'pidfd_getfd';

  constructor() {
    super('EPERM: operation not permitted, pidfd_getfd');
  }
}
