/**
 * How workers tell that they are ready: by a datagram as systemd's sd_notify(3) has it, or by a line on a descriptor as s6
 * has it. Both wake the superdaemon by SIGIO, so nothing has to be looked at meanwhile.
 */
import { closeSync, readSync } from 'node:fs';
import { addon } from './addon.js';
import { statOf } from './process.js';
import { isSystemError } from './system-error.js';

/** What a worker, or a process that descends from it, has told. */
export type Word =
  | { readonly type: 'ready'; readonly pid: number }
  | { readonly type: 'said'; readonly pid: number; readonly text: string };

/** What a spawn has to hand down besides. */
export interface ReadinessHandout {
  readonly variables: readonly (readonly [name: string, value: string])[];
  readonly descriptors: readonly (readonly [from: number, to: number])[];
}

export interface Readiness {
  /** Before each spawn; `free` gives a descriptor number that the worker does not use otherwise. */
  handOut(free: () => number): ReadinessHandout;
  /** After it, with the worker's pid, or with nothing where the fork was refused. */
  handedTo(pid: number | undefined): void;
  /** Once a worker has ended. */
  forget(pid: number): void;
  /** All that has been told since, without waiting. */
  take(): Word[];
  close(): void;
}

/**
 * With `notify` the descriptor is there, too, for those that cannot send datagrams, as node. Throws a system error where the
 * system has no such sockets.
 */
export function openReadiness(kind: 'notify' | 'fd'): Readiness {
  return kind === 'notify' ? new Several([new NotifySocket(), new ReadyPipes()]) : new ReadyPipes();
}

/** More than one way at a time. */
class Several implements Readiness {
  constructor(private readonly ways: readonly Readiness[]) {}

  handOut(free: () => number): ReadinessHandout {
    const handouts = this.ways.map((way) => way.handOut(free));
    return {
      variables: handouts.flatMap(({ variables }) => variables),
      descriptors: handouts.flatMap(({ descriptors }) => descriptors),
    };
  }

  handedTo(pid: number | undefined): void {
    for (const way of this.ways) way.handedTo(pid);
  }

  forget(pid: number): void {
    for (const way of this.ways) way.forget(pid);
  }

  take(): Word[] {
    return this.ways.flatMap((way) => way.take());
  }

  close(): void {
    for (const way of this.ways) way.close();
  }
}

/** How many generations a sender may be away from the worker. */
const furthest = 64;

class NotifySocket implements Readiness {
  readonly #fd: number;
  readonly #name: string;
  readonly #workers = new Set<number>();

  constructor() {
    const { fd, name } = addon.openNotifySocket();
    this.#fd = fd;
    this.#name = name;
    addon.signalInput(fd);
  }

  handOut(): ReadinessHandout {
    return { variables: [['NOTIFY_SOCKET', this.#name]], descriptors: [] };
  }

  handedTo(pid: number | undefined): void {
    if (pid !== undefined) this.#workers.add(pid);
  }

  forget(pid: number): void {
    this.#workers.delete(pid);
  }

  take(): Word[] {
    const words: Word[] = [];
    for (
      let told = addon.receiveNotification(this.#fd);
      told !== undefined;
      told = addon.receiveNotification(this.#fd)
    ) {
      const worker = this.#workerOf(told.sender);
      if (worker !== undefined) words.push(...wordsIn(told.text, worker));
    }
    return words;
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** The worker that the sender is, or descends from. One that has ended and was reaped descends from nobody. */
  #workerOf(sender: number): number | undefined {
    let pid = sender;
    for (let steps = 0; steps < furthest && pid > 1; steps += 1) {
      if (this.#workers.has(pid)) return pid;
      pid = statOf(pid)?.parent ?? 0;
    }
    return undefined;
  }
}

/** Of the fields of a message: READY=1, and STATUS= with a text for people. All others are for systemd. */
function wordsIn(text: string, pid: number): Word[] {
  const fields = text.split('\n').map((line) => /^(READY|STATUS)=(.*)$/s.exec(line));
  return fields.flatMap((field): Word[] => {
    if (field?.[1] === 'READY') return field[2] === '1' ? [{ type: 'ready', pid }] : [];
    return field?.[2] === undefined || field[2] === '' ? [] : [{ type: 'said', pid, text: field[2] }];
  });
}

/** One pipe for each worker. What comes before the first newline does not matter, nor what comes after it. */
class ReadyPipes implements Readiness {
  #next: { readonly reading: number; readonly writing: number } | undefined;
  readonly #reading = new Map<number, number>();

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
    else this.#reading.set(pid, reading);
  }

  forget(pid: number): void {
    const reading = this.#reading.get(pid);
    if (reading !== undefined) closeSync(reading);
    this.#reading.delete(pid);
  }

  take(): Word[] {
    return [...this.#reading].flatMap(([pid, fd]): Word[] => {
      const text = readAvailable(fd);
      if (text === undefined) return [];
      if (text !== '' && !text.includes('\n')) return [];
      // Told, or closed without a word, which is no failure by itself: it is the limit that decides.
      closeSync(fd);
      this.#reading.delete(pid);
      return text === '' ? [] : [{ type: 'ready', pid }];
    });
  }

  close(): void {
    for (const fd of this.#reading.values()) closeSync(fd);
    this.#reading.clear();
  }
}

/** Undefined while there is nothing to read, '' at the end. */
function readAvailable(fd: number): string | undefined {
  const buffer = Buffer.alloc(4096);
  try {
    return buffer.toString('latin1', 0, readSync(fd, buffer));
  } catch (error) {
    if (isSystemError(error) && error.code === 'EAGAIN') return undefined;
    throw error;
  }
}
