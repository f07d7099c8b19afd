/** Readiness told by a line on a descriptor, as s6 has it. */
import { closeSync, readSync } from 'node:fs';
import type { ReadinessPart } from '../../core/handover/document.js';
import { addon } from '../engine/addon.js';
import type { Keep } from '../engine/keep.js';
import type { Readiness, ReadinessHandout, Told } from './readiness.js';
import { isSystemError } from '../engine/system-error.js';

/** How much may come before the newline. A worker that writes more without one does not mean to tell readiness. */
const longestLine = 64 * 1024;

/** The reading end of one worker's pipe, and how much has come. */
interface Reading {
  readonly fd: number;
  length: number;
}

/** One pipe for each worker. What comes before the first newline does not matter, nor what comes after it. */
export class ReadyPipes implements Readiness {
  #next: { readonly reading: number; readonly writing: number } | undefined;
  readonly #pipes = new Map<number, Reading>();

  static takeUp(parts: ReadinessPart['pipes']): ReadyPipes {
    const taken = new ReadyPipes();
    for (const { pid, ...reading } of parts) {
      addon.setCloseOnExec(reading.fd);
      addon.signalInput(reading.fd);
      taken.#pipes.set(pid, { ...reading });
    }
    return taken;
  }

  handOver(keep: Keep): ReadinessPart {
    return { pipes: Array.from(this.#pipes, ([pid, { fd, length }]) => ({ pid, fd: keep(fd), length })) };
  }

  get readable(): readonly number[] {
    return Array.from(this.#pipes.values(), ({ fd }) => fd);
  }

  handOut(free: () => number): ReadinessHandout {
    const [reading, writing] = addon.pipe();
    this.#next = { reading, writing };
    addon.signalInput(reading);
    const number = free();
    return { variables: [['SERVER_STARTER_READY_FD', String(number)]], descriptors: [[writing, number]] };
  }

  handedTo(pid: number | undefined): void {
    if (this.#next === undefined) return;
    const { reading, writing } = this.#next;
    this.#next = undefined;
    closeSync(writing);
    if (pid === undefined) closeSync(reading);
    else this.#pipes.set(pid, { fd: reading, length: 0 });
  }

  forget(pid: number): void {
    const pipe = this.#pipes.get(pid);
    if (pipe !== undefined) closeSync(pipe.fd);
    this.#pipes.delete(pid);
  }

  /** Reads all there is: from each worker it is little. */
  take(): Told {
    const ready: number[] = [];
    for (const [pid, pipe] of this.#pipes) {
      const outcome = readOn(pipe);
      if (outcome === 'nothing yet') continue;
      // Told, or closed without a word. That alone is no failure: the limit on the start decides.
      this.forget(pid);
      if (outcome === 'a line') ready.push(pid);
    }
    return { words: ready.map((pid) => ({ type: 'ready', pid })), isAll: true };
  }

  close(): void {
    for (const pid of this.#pipes.keys()) this.forget(pid);
  }
}

function readOn(pipe: Reading): 'a line' | 'nothing yet' | 'no line' {
  const buffer = Buffer.alloc(4096);
  while (pipe.length < longestLine) {
    const length = readAvailable(pipe.fd, buffer);
    if (length === undefined) return 'nothing yet';
    if (length === 0) return 'no line';
    if (buffer.subarray(0, length).includes('\n')) return 'a line';
    pipe.length += length;
  }
  return 'no line';
}

/** Undefined while there is nothing to read, 0 at the end. */
function readAvailable(fd: number, buffer: Buffer): number | undefined {
  try {
    return readSync(fd, buffer);
  } catch (error) {
    if (isSystemError(error) && error.code === 'EAGAIN') return undefined;
    throw error;
  }
}
