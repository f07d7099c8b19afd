/**
 * Descriptors that somebody has sent us, and that we only want to be rid of. close(2) may sleep for as long as their
 * sender likes: for a socket that lingers, or a file on a file system that the sender runs. So a thread closes them. It
 * is one thread that closes them one by one, since the log needs threads, too. A pipe is closed at once: that never
 * sleeps, and the sender of a pipe waits for its end.
 */
import { close, closeSync, readlinkSync } from 'node:fs';
import { startThreads } from '../engine/threads.js';

export class ReceivedDescriptors {
  readonly #waiting: number[] = [];
  #isClosing = false;

  /** `closed` is called when all of them are closed. */
  constructor(private readonly closed: () => void) {
    startThreads();
  }

  add(descriptors: readonly number[]): void {
    for (const descriptor of descriptors) {
      if (isPipe(descriptor)) closeSync(descriptor);
      else this.#waiting.push(descriptor);
    }
    if (!this.#isClosing) this.#closeNext();
  }

  /** While this is true, no further message should be received. */
  get areWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Whether one of them is not closed yet. */
  get areOpen(): boolean {
    return this.#isClosing;
  }

  #closeNext(): void {
    const descriptor = this.#waiting.shift();
    this.#isClosing = descriptor !== undefined;
    if (descriptor === undefined) return;
    close(descriptor, () => {
      this.#closeNext();
      if (!this.areWaiting) this.closed();
    });
  }
}

/** fstat(2) is not used, because the file system of a file may keep it waiting, too. */
function isPipe(descriptor: number): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${String(descriptor)}`).startsWith('pipe:');
  } catch {
    return false; // no /proc
  }
}
