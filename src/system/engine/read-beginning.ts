import { closeSync, constants, openSync, readSync } from 'node:fs';
import { bytes } from './bytes.js';

const chunk = 4096;

/**
 * The first `most` bytes of a file as a byte string, or fewer once `isEnough` is true of what was read. Does not wait for
 * a pipe to be written to. Throws what the system refuses, and EAGAIN for a pipe that has a writer and nothing in it.
 */
export function readBeginning(path: string, most: number, isEnough?: (part: string) => boolean): string {
  const descriptor = openSync(bytes(path), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const parts: string[] = [];
    for (let length = 0; length < most;) {
      const buffer = Buffer.alloc(Math.min(chunk, most - length));
      const read = readSync(descriptor, buffer, 0, buffer.length, null);
      const part = buffer.toString('latin1', 0, read);
      parts.push(part);
      length += read;
      if (read === 0 || isEnough?.(part) === true) break;
    }
    return parts.join('');
  } finally {
    closeSync(descriptor);
  }
}
