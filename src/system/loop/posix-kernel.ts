/** The real operating system for the loop: the only place that touches the clock, timers and kill. */
import type { Event, Settings, StopSignal, Worker } from '../../core/loop/types.js';
import type { Word } from '../../core/loop/worker-words.js';
import { addon } from '../engine/addon.js';
import type { EndedChild } from '../processes/children.js';
import type { Kernel } from './kernel.js';
import type { Told } from '../readiness/readiness.js';
import { isSystemError } from '../engine/system-error.js';
import { longestTimer } from './time-limit.js';

/** What differs from run to run. */
export interface KernelParts {
  /** As the options and the environment had them when it was last read. */
  settings(): Settings;
  /** Reads the environment again after its envdir has changed. */
  reloadSettings(): void;
  /** Forks and gives the pid; throws a system error when refused. */
  spawn(generation: number): number;
  /** A child that has ended. Its pid stays its own until the next one is asked for. */
  nextEnded(): EndedChild | undefined;
  log(line: string): void;
  writeStatus(workers: readonly Worker[]): void;
  /** Takes the end of a child that is no worker; false for all others. */
  takesEndOf(pid: number, status: number): boolean;
  /** What workers have told about themselves since it was asked last. */
  words(now: number): Told;
}

/** Changes of the envdir mostly come in bunches; they are looked at when this many milliseconds have passed. */
const settlingTime = 200;

/** The time between two readings of an envdir, as a multiple of what one takes: a large one may change all the time. */
const restBetweenReadings = 10;

export class PosixKernel implements Kernel {
  #stop: StopSignal | undefined;
  #forked: Event | undefined;
  #words: Word[] = [];
  #hasHeardAll = true;
  #restart = false;
  #settingsChanged = false;
  #settling = false;
  #settlingTime = settlingTime;
  #wake: () => void = () => undefined;
  #stopped: () => void = () => undefined;
  /** Settles when the first stop signal has come. */
  readonly stopRequested = new Promise<void>((resolve) => (this.#stopped = resolve));

  /** Keeps the process running until `close`: handlers of signals alone do not. */
  readonly #hold = setInterval(() => undefined, longestTimer);

  constructor(private readonly parts: KernelParts) {}

  /** The first of these counts until it is taken, and the state machine disregards all after it. */
  requestStop(signal: StopSignal): void {
    this.#stop ??= signal;
    this.#stopped();
    this.#wake();
  }

  requestRestart(): void {
    this.#restart = true;
    this.#wake();
  }

  /** A child may have ended. */
  lookAround(): void {
    this.#wake();
  }

  close(): void {
    clearInterval(this.#hold);
  }

  now(): number {
    const [seconds, nanoseconds] = process.hrtime(); // `performance` would load a module, a millisecond of the start
    return seconds * 1000 + nanoseconds / 1e6;
  }

  settings(): Settings {
    return this.parts.settings();
  }

  /** Makes a `settings changed` event follow soon. */
  settingsMayHaveChanged(): void {
    if (this.#settling) return;
    this.#settling = true;
    this.later(this.#settlingTime, () => {
      this.#settling = false;
      this.#settingsChanged = true;
    });
  }

  /** Has something done beside the loop, and lets the loop look around after it. */
  later(milliseconds: number, act: () => void): void {
    setTimeout(() => {
      act();
      this.#wake();
    }, milliseconds);
  }

  async nextEvent(deadline: number | undefined): Promise<Event> {
    const forked = this.#forked;
    this.#forked = undefined;
    if (forked !== undefined) return forked;
    for (;;) {
      await turnOfTheLoop(); // so that signals which came together are seen together
      const event = this.#take(deadline);
      if (event !== undefined) return event;
      if (this.#hasHeardAll) await this.#sleep(deadline ?? Infinity);
    }
  }

  spawn(generation: number): void {
    try {
      this.#forked = { type: 'forked', pid: this.parts.spawn(generation), now: this.now() };
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.#forked = { type: 'fork failed', reason: addon.strerror(error.errno), now: this.now() };
    }
  }

  kill(pid: number, signal: number, group = false): void {
    try {
      process.kill(group ? -pid : pid, signal);
    } catch (error) {
      // Ended and not reaped yet, or it has changed its user: as in the original, its death is awaited all the same.
      if (!isSystemError(error)) throw error;
    }
  }

  log(line: string): void {
    this.parts.log(line);
  }

  writeStatus(workers: readonly Worker[]): void {
    this.parts.writeStatus(workers);
  }

  /**
   * One at a time: while an end is acted on, the pids of those behind it must not be given to anybody. The state machine
   * knows its own.
   */
  #nextDeath(now: number): Event | undefined {
    for (let child = this.parts.nextEnded(); child !== undefined; child = this.parts.nextEnded()) {
      const { pid, status } = child;
      this.#words = this.#words.filter((word) => word.pid !== pid);
      if (!this.parts.takesEndOf(pid, status)) return { type: 'died', pid, status, now };
    }
    return undefined;
  }

  /**
   * Asked for when all ends are known: the dead are not ready. Nothing is read ahead of what is decided, since a worker may
   * talk for ever.
   */
  #nextWord(now: number): Event | undefined {
    if (this.#words.length === 0) {
      const { words, isAll } = this.parts.words(now);
      this.#words = [...words];
      this.#hasHeardAll = isAll;
    }
    const word = this.#words.shift();
    return word && { ...word, now };
  }

  #take(deadline: number | undefined): Event | undefined {
    const now = this.now();
    if (this.#stop !== undefined) {
      const signal = this.#stop;
      this.#stop = undefined;
      return { type: 'signal', signal, now };
    }
    const told = this.#nextDeath(now) ?? this.#nextWord(now);
    if (told !== undefined) return told;
    if (this.#restart) {
      this.#restart = false;
      return { type: 'signal', signal: 'HUP', now };
    }
    if (this.#settingsChanged) {
      this.#settingsChanged = false;
      this.parts.reloadSettings();
      this.#settlingTime = Math.max(settlingTime, restBetweenReadings * (this.now() - now));
      return { type: 'settings changed', now };
    }
    return now >= (deadline ?? Infinity) ? { type: 'deadline', now } : undefined;
  }

  /** Until a signal or this moment, whichever is first. */
  async #sleep(until: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (until !== Infinity) timer = setTimeout(resolve, Math.min(Math.ceil(until - this.now()), longestTimer));
    });
    clearTimeout(timer);
  }
}

function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
