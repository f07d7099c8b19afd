import { readFileSync } from 'node:fs';
import { byteString } from './bytes.js';

/** The words after the command, byte by byte; `process.argv` alone replaces what is not UTF-8. */
export function rawArguments(): string[] {
  const decoded = process.argv.slice(2);
  if (decoded.length === 0) return [];
  try {
    const words = readFileSync('/proc/self/cmdline', 'latin1').replace(/\0$/, '').split('\0');
    return words.slice(-decoded.length);
  } catch {
    return decoded.map(byteString); // no /proc on this system
  }
}
