/**
 * The real operating system for the loop: the only place that touches signal handlers, the clock, timers and kill.
 */
import { constants } from 'node:os';
import type { Event, Settings, StopSignal, Worker } from '../core/types.js';
import { addon } from './addon.js';
import type { Kernel } from './kernel.js';
import { writeLine } from './stdio.js';
import { isSystemError } from './system-error.js';

/** What differs from run to run. */
export interface KernelParts {
  /** Signals the caller had blocked; they stay without effect. */
  readonly blockedSignals: readonly number[];
  /** As the options and the environment had them when it was last read. */
  settings(): Settings;
  /** Reads the environment again after its envdir has changed. */
  reloadSettings(): void;
  /** Forks and gives the pid; throws a system error when refused. */
  spawn(generation: number): number;
  writeStatus(workers: readonly Worker[]): void;
  /** Opens the log again after its rotation. */
  reopenLog(): void;
  /** Takes the end of a child that is no worker; false for all others. */
  takesEndOf(pid: number, status: number): boolean;
}

const stopSignals: readonly StopSignal[] = ['TERM', 'INT', 'QUIT'];

/** Would end the process by default; USR2 is kept for later, ALRM woke the original's loop. */
const withoutEffect = ['ALRM', 'USR2'] as const;

/** The longest time a timer of node can be set to, in milliseconds. */
const longestTimer = 2 ** 31 - 1;

/** Changes of the envdir mostly come in bunches; they are looked at when this many milliseconds have passed. */
const settlingTime = 200;

export class PosixKernel implements Kernel {
  #stop: StopSignal | undefined;
  #forked: Event | undefined;
  #deaths: Event[] = [];
  #restart = false;
  #settingsChanged = false;
  #settling = false;
  #wake: () => void = () => undefined;
  #stopped: () => void = () => undefined;
  /** Settles when the first stop signal has come. */
  readonly stopRequested = new Promise<void>((resolve) => (this.#stopped = resolve));

  /** Puts the handlers in place; from here on no signal ends the process by itself. */
  constructor(private readonly parts: KernelParts) {
    for (const signal of stopSignals) {
      this.#handle(signal, () => {
        this.#stop ??= signal;
        this.#stopped();
      });
    }
    this.#handle('HUP', () => (this.#restart = true));
    this.#handle('USR1', () => {
      this.parts.reopenLog();
    });
    this.#handle('CHLD', () => undefined);
    for (const signal of withoutEffect) this.#handle(signal, () => undefined);
    setInterval(() => undefined, longestTimer); // handlers alone do not keep node running
  }

  now(): number {
    return performance.now();
  }

  settings(): Settings {
    return this.parts.settings();
  }

  /** Makes a `settings changed` event follow soon. */
  settingsMayHaveChanged(): void {
    if (this.#settling) return;
    this.#settling = true;
    this.later(settlingTime, () => {
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
      this.#reap();
      const event = this.#take(deadline);
      if (event !== undefined) return event;
      await this.#sleep(deadline ?? Infinity);
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

  kill(pid: number, signal: number): void {
    try {
      process.kill(pid, signal);
    } catch (error) {
      // Ended and not reaped yet, or it has changed its user: as in the original, its death is awaited all the same.
      if (!isSystemError(error)) throw error;
    }
  }

  log(line: string): void {
    writeLine(line);
  }

  writeStatus(workers: readonly Worker[]): void {
    this.parts.writeStatus(workers);
  }

  #handle(signal: string, act: () => void): void {
    const name = `SIG${signal}` as NodeJS.Signals;
    const isBlocked = signal !== 'CHLD' && this.parts.blockedSignals.includes(constants.signals[name]);
    process.on(name, () => {
      if (!isBlocked) act();
      this.#wake();
    });
  }

  /** Every child is reaped, also an orphan that process 1 of a container is handed; the state machine knows its own. */
  #reap(): void {
    for (let child = addon.waitpid(-1); child !== undefined; child = addon.waitpid(-1)) {
      if (this.parts.takesEndOf(child.pid, child.status)) continue;
      this.#deaths.push({ type: 'died', ...child, now: this.now() });
    }
  }

  #take(deadline: number | undefined): Event | undefined {
    const now = this.now();
    if (this.#stop !== undefined) {
      const signal = this.#stop;
      this.#stop = undefined;
      return { type: 'signal', signal, now };
    }
    const death = this.#deaths.shift();
    if (death !== undefined) return death;
    if (this.#restart) {
      this.#restart = false;
      return { type: 'signal', signal: 'HUP', now };
    }
    if (this.#settingsChanged) {
      this.#settingsChanged = false;
      this.parts.reloadSettings();
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
