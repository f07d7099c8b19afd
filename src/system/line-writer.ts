/**
 * Writes lines to a descriptor that others share, each with one write(2), and never waits for a reader: a logger that
 * stopped reading kept the original from seeing any signal.
 */
import { closeSync, constants, fstatSync, openSync, write, writeSync } from 'node:fs';
import { bytes } from './bytes.js';
import { pause } from './pause.js';

/** How many lines wait for a reader; more are dropped and counted. */
const longestQueue = 1000;

/** For how many milliseconds a pipe that somebody else made non-blocking is tried again, where it cannot be reopened. */
const patience = 1000;

export class LineWriter {
  /** An open file of our own on the same pipe: its O_NONBLOCK does not reach the workers. */
  readonly #ownPipe: number | undefined;
  readonly #queue: Buffer[] = [];
  #dropped = 0;

  constructor(private readonly descriptor: number) {
    this.#ownPipe = reopened(descriptor);
  }

  write(line: string): void {
    const data = bytes(`${line}\n`);
    if (this.#queue.length === 0 && this.#writeNow(data)) return;
    if (this.#queue.length >= longestQueue) this.#dropped += 1;
    else if (this.#queue.push(data) === 1) this.#writeWhenRead();
  }

  close(): void {
    if (this.#ownPipe !== undefined) closeSync(this.#ownPipe);
  }

  /** False when the pipe is full. */
  #writeNow(data: Buffer): boolean {
    if (this.#ownPipe === undefined) writePatiently(this.descriptor, data);
    else return attempt(this.#ownPipe, data) !== 0;
    return true;
  }

  /** A thread of libuv's waits in the blocking write, not the loop. */
  #writeWhenRead(): void {
    const [data] = this.#queue;
    if (data === undefined) return;
    write(this.descriptor, data, 0, data.length, null, () => {
      this.#queue.shift();
      if (this.#queue.length === 0) this.#tellDropped();
      else this.#writeWhenRead();
    });
  }

  #tellDropped(): void {
    if (this.#dropped === 0) return;
    const dropped = this.#dropped;
    this.#dropped = 0;
    this.write(`${String(dropped)} lines were dropped while the log was not read`);
  }
}

/** Undefined where the descriptor is no pipe, or may not be opened again (another user's). */
function reopened(descriptor: number): number | undefined {
  try {
    if (!fstatSync(descriptor).isFIFO()) return undefined;
    return openSync(`/dev/fd/${String(descriptor)}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined; // nobody reads it any more, or it is closed
  }
}

function writePatiently(descriptor: number, data: Buffer): void {
  let rest = data;
  for (let waited = 0; rest.length > 0 && waited < patience;) {
    const written = attempt(descriptor, rest);
    if (written === undefined) return;
    rest = rest.subarray(written);
    if (written > 0) continue;
    pause(1);
    waited += 1;
  }
}

/** The number of bytes written, 0 when the pipe is full, undefined when nobody reads any more. */
function attempt(descriptor: number, data: Buffer): number | undefined {
  try {
    return writeSync(descriptor, data);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0;
    // A closed terminal or a reader that went away must not end the service; the original goes on in silence, too.
    return undefined;
  }
}
