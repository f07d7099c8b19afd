/** Who holds the flock(2) of a file, as far as /proc/locks tells. */
import { fstatSync, readFileSync } from 'node:fs';
import { kernelDeviceOf, type KernelDevice } from './kernel-device.js';

/**
 * The processes that have locked the file, by the numbers that they have in /proc. A process in another pid namespace is
 * not listed, so the list may be empty though somebody holds the lock. A process is listed for having taken the lock:
 * where it has ended, processes that it has forked may still hold it.
 */
export function lockHoldersOf(descriptor: number): number[] {
  try {
    const { ino } = fstatSync(descriptor, { bigint: true });
    return holdersIn(readFileSync('/proc/locks', 'latin1'), kernelDeviceOf(descriptor), ino);
  } catch {
    return []; // no /proc, or one that shows processes only
  }
}

/** The holders of a file's lock, from the text of /proc/locks; a process that waits for a lock has an arrow there. */
export function holdersIn(locks: string, device: KernelDevice, inode: bigint): number[] {
  const rows = locks.matchAll(/^\d+: FLOCK +\w+ +\w+ +(\d+) ([0-9a-f]+):([0-9a-f]+):(\d+) /gm);
  return Array.from(rows, ([, pid, major = '', minor = '', ino]) => {
    const isSame = parseInt(major, 16) === device.major && parseInt(minor, 16) === device.minor;
    return isSame && ino === String(inode) ? [Number(pid)] : [];
  }).flat();
}
