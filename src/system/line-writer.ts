/**
 * Writes lines to a descriptor that others share, each with one write(2), and never waits for a reader: a logger that
 * stopped reading kept the original from seeing any signal.
 */
import { closeSync, constants, fstatSync, openSync, write, writeSync } from 'node:fs';
import { bytes } from './bytes.js';
import { pause } from './pause.js';
import { startThreads } from './threads.js';

/** How many lines wait for a reader; more are dropped and counted. */
const longestQueue = 1000;

/** For how many milliseconds a pipe that somebody else made non-blocking is tried again, where it cannot be reopened. */
const patience = 1000;

export class LineWriter {
  readonly #pipe: OwnPipe | undefined;
  readonly #queue: Buffer[] = [];
  #dropped = 0;

  constructor(private readonly descriptor: number) {
    this.#pipe = openAgain(descriptor);
    if (this.#pipe !== undefined) startThreads();
  }

  write(line: string): void {
    const data = bytes(`${line}\n`);
    const rest = this.#queue.length === 0 ? this.#writeNow(data) : data;
    if (rest.length === 0) return;
    if (this.#queue.length >= longestQueue) this.#dropped += 1;
    else if (this.#queue.push(rest) === 1) this.#writeWhenRead();
  }

  close(): void {
    if (this.#pipe !== undefined) [this.#pipe.immediate, this.#pipe.patient].forEach((own) => closeSync(own));
  }

  /** What a full pipe does not take; of a line longer than PIPE_BUF it may take a part. */
  #writeNow(data: Buffer): Buffer {
    if (this.#pipe !== undefined) return data.subarray(attempt(this.#pipe.immediate, data) ?? data.length);
    writePatiently(this.descriptor, data);
    return Buffer.alloc(0);
  }

  /** A thread of libuv's waits in the blocking write, not the loop. */
  #writeWhenRead(): void {
    const [data] = this.#queue;
    if (data === undefined || this.#pipe === undefined) return;
    write(this.#pipe.patient, data, 0, data.length, null, (error, written) => {
      if (error === null && written < data.length) this.#queue[0] = data.subarray(written);
      else this.#queue.shift();
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

/** Open files of our own on a pipe: what we set on them does not reach the workers, nor what those set on theirs us. */
interface OwnPipe {
  /** Refuses at once when the pipe is full. */
  readonly immediate: number;
  /** Waits until the pipe is read. */
  readonly patient: number;
}

/** Undefined where the descriptor is no pipe, or may not be opened again (another user's). */
function openAgain(descriptor: number): OwnPipe | undefined {
  try {
    if (!fstatSync(descriptor).isFIFO()) return undefined;
    const path = `/dev/fd/${String(descriptor)}`;
    // The first throws where nobody reads any more, for which the second would wait.
    const immediate = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    return { immediate, patient: openSync(path, constants.O_WRONLY) };
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
