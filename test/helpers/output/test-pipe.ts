import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import type { Test } from 'tap';
import { addon } from '../../../src/system/engine/addon.js';

/** A pipe whose reader is the test, which reads when it wants to. */
export class TestPipe {
  readonly writing: number;
  /** For another process to read from. */
  readonly reading: number;
  readonly #readingEnds: number[];
  #filler = 0;
  #text = '';

  constructor(t: Test) {
    const [reading, writing] = addon.pipe();
    this.writing = writing;
    this.reading = reading;
    this.#readingEnds = [reading];
    this.openReading();
    t.teardown(() => {
      this.closeReading(); // ends a write that still waits; this process could not end before
      closeSync(writing);
    });
  }

  /** What is in the pipe at the moment, without what `fill` has put there. */
  read(limit = Infinity): string {
    const reading = this.#readingEnds.at(-1) ?? NaN;
    const data = Buffer.alloc(65_536);
    let text = '';
    try {
      for (let size = 1; size > 0 && text.length < limit;) {
        size = readSync(reading, data, 0, Math.min(data.length, limit - text.length), null);
        text += data.toString('latin1', 0, size);
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
    const filler = Math.min(this.#filler, text.length);
    this.#filler -= filler;
    return text.slice(filler);
  }

  /** Reads what there is, and gives all that it has read since the beginning or the last `forget`. */
  keepReading(): string {
    this.#text += this.read();
    return this.#text;
  }

  /** The complete lines of what `keepReading` has read. */
  get lines(): string[] {
    return this.#text.split('\n').slice(0, -1);
  }

  forget(): void {
    this.#text = '';
  }

  /** Fills the pipe until there is no room. */
  fill(): void {
    const writing = openSync(`/dev/fd/${String(this.writing)}`, constants.O_WRONLY | constants.O_NONBLOCK);
    try {
      for (let size = 65_536; size >= 1; size /= size > 1 ? 2 : 4) {
        try {
          for (;;) this.#filler += writeSync(writing, Buffer.alloc(size));
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
        }
      }
    } finally {
      closeSync(writing);
    }
  }

  /** Makes this process a reader again. */
  openReading(): void {
    const path = `/dev/fd/${String(this.writing)}`;
    this.#readingEnds.push(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  }

  closeReading(): void {
    for (const descriptor of this.#readingEnds.splice(0)) closeSync(descriptor);
  }
}
