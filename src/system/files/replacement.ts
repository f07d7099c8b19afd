import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  readlinkSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { addon } from '../engine/addon.js';
import { bytes } from '../engine/bytes.js';
import { draftOf, openDraft } from './draft.js';
import { isFileAt } from './file-at-path.js';
import { PathLock } from './path-lock.js';

/** How much of the content is taken over; a pid file is short. */
const mostBytes = 4096;

/**
 * Puts a new file in the place of an open one, with its content, mode and owner, and locked before anybody else can see
 * it. Undefined when another process has taken that place, or is about to. Throws what the system refuses; nothing is
 * changed then. Needs /proc.
 */
export function replacementOf(descriptor: number): number | undefined {
  // The path behind all links.
  const place = readlinkSync(`/proc/self/fd/${String(descriptor)}`, 'latin1');
  const turn = PathLock.tryTake(place);
  if (!(turn instanceof PathLock)) return undefined;
  try {
    return isFileAt(place, descriptor) ? replace(place, descriptor) : undefined;
  } finally {
    turn.release();
  }
}

function replace(place: string, old: number): number {
  // Whoever can read a file can lock it: nobody else may read this one until it is locked.
  const fresh = openDraft(place, 0o600);
  try {
    if (!addon.tryLock(fresh)) throw new Error('a file that nobody else could open is locked');
    copy(old, fresh);
    renameSync(bytes(draftOf(place)), bytes(place));
    return fresh;
  } catch (error) {
    rmSync(bytes(draftOf(place)), { force: true });
    closeSync(fresh);
    throw error;
  }
}

function copy(old: number, fresh: number): void {
  const buffer = Buffer.alloc(mostBytes);
  const length = readSync(old, buffer, 0, mostBytes, 0);
  writeSync(fresh, buffer, 0, length, 0);
  const before = fstatSync(old);
  const { uid, gid } = fstatSync(fresh);
  if (before.uid !== uid || before.gid !== gid) giveTo(fresh, before);
  fchmodSync(fresh, before.mode & 0o777);
}

function giveTo(descriptor: number, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch {
    // only root can give a file away: it stays ours, as any new file would be
  }
}
