/** A new version of a file, made beside it and put in its place as a whole. */
import { constants, openSync, unlinkSync } from 'node:fs';
import { bytes } from '../engine/bytes.js';
import { isSystemError } from '../engine/system-error.js';

/** A name that only this process uses: two processes may write versions of the same file. */
export function draftOf(path: string): string {
  return `${path}.${String(process.pid)}`;
}

/**
 * Makes the draft and opens it for reading and writing. Its name can be guessed, and the original writes through a link
 * that somebody has put there. Here the draft is always a new file: whatever has the name is removed, such as that link,
 * or the draft of a dead process that had our pid.
 */
export function openDraft(path: string, mode: number): number {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
  const draft = bytes(draftOf(path));
  try {
    return openSync(draft, flags, mode);
  } catch (error) {
    if (!(isSystemError(error) && error.code === 'EEXIST')) throw error;
    unlinkSync(draft);
    return openSync(draft, flags, mode);
  }
}
