/**
 * The command line byte by byte; `process.argv` replaces bytes that are not UTF-8, and makes the script's path
 * absolute.
 */
import { readFileSync } from 'node:fs';
import { byteString } from './bytes.js';

/** The words after the command. */
export function rawArguments(): string[] {
  return commandLine().slice(1);
}

/** The path by which the command was called. */
export function calledAs(): string {
  return commandLine()[0] ?? '';
}

/** The words from the command on; node and its own flags stand before it. */
function commandLine(): string[] {
  const decoded = process.argv.slice(1);
  try {
    const words = readFileSync('/proc/self/cmdline', 'latin1').replace(/\0$/, '').split('\0');
    return words.slice(-decoded.length);
  } catch {
    return decoded.map(byteString); // no /proc on this system
  }
}
