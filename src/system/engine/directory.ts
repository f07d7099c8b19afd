/** The directory that relative paths start from. */
import { readlinkSync, statSync } from 'node:fs';
import { byteString, bytes } from './bytes.js';

/** Of this process; byte for byte where the system tells it so. */
export function ownDirectory(): string {
  try {
    return readlinkSync('/proc/self/cwd', 'latin1');
  } catch {
    return byteString(process.cwd());
  }
}

/** Whether it is the one of this process, however it is called. */
export function isOwnDirectory(path: string): boolean {
  try {
    const [own, other] = [statSync('.'), statSync(bytes(path))];
    return own.dev === other.dev && own.ino === other.ino;
  } catch {
    return false; // not there, or not for us to see
  }
}
