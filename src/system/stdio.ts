/**
 * The standard descriptors, written with write(2) and nothing else: the first touch of process.stdout, process.stderr or
 * console makes a pipe non-blocking for every worker that shares it.
 */
import { writeSync } from 'node:fs';
import { bytes } from './bytes.js';
import { pause } from './pause.js';

/** For how long a write to a full pipe that somebody else made non-blocking is tried again, in milliseconds. */
const patience = 1000;

export function writeOutput(text: string): void {
  writeAll(1, text);
}

/** One line of the log or one message: a single write(2), so that workers' output cannot come in between. */
export function writeLine(line: string): void {
  writeAll(2, `${line}\n`);
}

function writeAll(descriptor: number, text: string): void {
  let rest = bytes(text);
  for (let waited = 0; rest.length > 0 && waited < patience;) {
    const written = tryWrite(descriptor, rest);
    if (written === undefined) return;
    rest = rest.subarray(written);
    if (written === 0) {
      pause(1);
      waited += 1;
    }
  }
}

/** The number of bytes written, 0 when the pipe is full, undefined when nobody reads any more. */
function tryWrite(descriptor: number, data: Buffer): number | undefined {
  try {
    return writeSync(descriptor, data);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0;
    // A closed terminal or a reader that went away must not end the service; the original goes on in silence, too.
    return undefined;
  }
}
