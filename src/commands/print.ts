/** What a command prints: whoever asked for it has all of it, or hears that he has not. */
import { failures } from '../core/text/failures.js';
import { refused } from '../service/attempt.js';
import { isSystemError } from '../system/engine/system-error.js';
import { writeOutput } from '../system/output/stdio.js';

/** Who has read the output has gone, and wants no more. Other programs are ended by SIGPIPE then, without a word. */
export class NoReader extends Error {}

/** Prints all of a text. Throws NoReader, or a StarterError where it cannot be written. */
export function print(text: string): void {
  try {
    writeOutput(text);
  } catch (error) {
    if (isSystemError(error) && error.code === 'EPIPE') throw new NoReader('nobody reads the output', { cause: error });
    throw refused(error, failures.cannotPrint);
  }
}
