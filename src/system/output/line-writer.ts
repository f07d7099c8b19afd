/**
 * Writes lines to a descriptor that others share, each with one write(2), and never waits for a reader: in the original, a
 * logger that stopped reading kept the superdaemon from seeing any signal.
 */
import { openChannel, type Channel } from './channel.js';
import { wait } from '../processes/process.js';

/** How many lines wait for a reader; more are dropped and counted. */
const longestQueue = 1000;

/** While lines wait, they are tried again after so many milliseconds, and then less and less often. */
const firstPause = 1;
const longestPause = 100;

/** Lines with their newlines, of the first perhaps only a part; `dropped` counts those for which there was no room. */
export interface WaitingLines {
  readonly lines: readonly string[];
  readonly dropped: number;
}

export class LineWriter {
  #channel: Channel | undefined;
  readonly #queue: string[] = [];
  #dropped = 0;
  #isClosed = false;

  /** Begins with the lines that waited for a reader in the image before. */
  constructor(
    private readonly descriptor: number,
    { lines, dropped }: WaitingLines = { lines: [], dropped: 0 },
  ) {
    this.#channel = openChannel(descriptor);
    this.#queue.push(...lines);
    this.#dropped = dropped;
    if (lines.length > 0) void this.#writeWhenRead();
  }

  /** What waits for a reader; undefined while a part of it is being written. */
  get waiting(): WaitingLines | undefined {
    if (this.#channel?.isBusy === true) return undefined;
    return { lines: this.#queue, dropped: this.#dropped };
  }

  write(line: string): void {
    const text = `${line}\n`;
    const rest = this.#queue.length === 0 ? this.#leftOf(text) : text;
    if (rest === '') return;
    if (this.#queue.length >= longestQueue) this.#dropped += 1;
    else if (this.#queue.push(rest) === 1) void this.#writeWhenRead();
  }

  /** Waits until all lines are written, so many milliseconds at the most. */
  async flush(patience: number): Promise<void> {
    for (let waited = 0; waited < patience && this.#isWaiting; waited += firstPause) await wait(firstPause);
  }

  /** Lines that still wait are lost. */
  close(): void {
    this.#isClosed = true;
    this.#channel?.close();
  }

  get #isWaiting(): boolean {
    return this.#queue.length > 0 || this.#channel?.isBusy === true;
  }

  /** Writes a text, and gives the rest for which there was no room; no rest where nobody will ever read it. */
  #leftOf(text: string): string {
    this.#channel ??= openChannel(this.descriptor);
    let rest = text;
    for (let count: number | undefined = 1; rest !== '' && count !== 0; rest = rest.slice(count)) {
      count = this.#channel?.take(rest);
      if (count === undefined) return '';
    }
    return rest;
  }

  async #writeWhenRead(): Promise<void> {
    for (let pause = firstPause; this.#queue.length > 0;) {
      await wait(pause);
      if (this.#isClosed) return;
      pause = this.#writeSome() ? firstPause : Math.min(2 * pause, longestPause);
    }
  }

  /** Whether there was room for a whole line. */
  #writeSome(): boolean {
    const before = this.#queue.length;
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const rest = this.#leftOf(next);
      if (rest !== '') {
        this.#queue[0] = rest;
        return this.#queue.length < before;
      }
      this.#queue.shift();
    }
    this.#tellDropped();
    return true;
  }

  /** Not by `write`, which would add to the queue while #writeSome empties it. */
  #tellDropped(): void {
    if (this.#dropped === 0) return;
    const dropped = this.#dropped;
    this.#dropped = 0;
    const rest = this.#leftOf(`${String(dropped)} lines were dropped while the log was not read\n`);
    if (rest !== '') this.#queue.push(rest);
  }
}
