/**
 * Descriptors that somebody has sent us, and that we only want to be rid of. close(2) may sleep for as long as their
 * sender likes: over a socket that lingers, or over a file of a file system that the sender runs. So it is a thread that
 * closes them, one after the other, since the log needs a thread, too. A pipe is closed at once: that never sleeps, and
 * whoever has sent one waits for it.
 */
import { close, closeSync, readlinkSync } from 'node:fs';
import { startThreads } from '../engine/threads.js';

export class ReceivedDescriptors {
  readonly #waiting: number[] = [];
  #isClosing = false;

  /** `closed` is called when none waits any more. */
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

  /** Nothing more should be received meanwhile. */
  get areWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Whether any is not closed yet. */
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

/** Not by fstat(2), which the file system of a file may keep waiting, too. */
function isPipe(descriptor: number): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${String(descriptor)}`).startsWith('pipe:');
  } catch {
    return false; // no /proc
  }
}
