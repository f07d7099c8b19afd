/** The processes that had our sockets before us: told to end when the first worker of ours is accepted, and awaited. */
import type { State } from '../core/loop/state.js';
import type { Step } from '../core/loop/step.js';
import type { Event, Signal } from '../core/loop/types.js';
import { messages } from '../core/loop/messages.js';
import { isSystemError } from '../system/engine/system-error.js';
import { idle, OtherProcess } from '../system/processes/process.js';
import type { Holder } from '../system/sockets/holders.js';
import type { TakenListener } from '../system/takeover/taken-listener.js';
import { reasonOf } from './attempt.js';
import type { Say } from './say.js';

/** Which processes leave, and how. */
export interface Leaving {
  /** These get the signal. */
  readonly told: readonly OtherProcess[];
  /** Other processes that have the sockets, too. To end these is left to the processes that get the signal. */
  readonly beside: readonly OtherProcess[];
  readonly signal: Signal;
  /** The line to log at the signal. */
  readonly telling: (pids: readonly number[]) => string;
  /** The line to log when a process that got the signal has ended. */
  readonly ended?: (pid: number) => string;
  /** Called when all processes that got the signal have ended. */
  readonly left: () => void;
}

/** The processes among these whose pids were not given to others meanwhile. */
export function sameProcesses(holders: readonly Holder[]): OtherProcess[] {
  return holders.flatMap(({ pid, start }) => {
    const one = new OtherProcess(pid);
    return one.start === start ? [one] : [];
  });
}

/** Milliseconds between two looks whether they live: one more each time, up to the longest. */
const shortestPace = 10;
const longestPace = 500;

export class Predecessors {
  #living: readonly OtherProcess[];
  #isTold = false;
  #isClosed = false;

  constructor(
    private readonly leaving: Leaving,
    private readonly listeners: readonly TakenListener[],
    private readonly say: Say,
  ) {
    this.#living = leaving.told;
    this.#keepFiles();
    void this.#watch();
  }

  /** To be told of every decision when it has been carried out. */
  observe(_before: State, _event: Event, { state: { current } }: Step): void {
    if (this.#isTold || current === undefined) return;
    this.#isTold = true;
    for (const listener of this.listeners) listener.adopt();
    this.#tell();
  }

  /** Nothing more is done about them. */
  close(): void {
    this.#isClosed = true;
  }

  #tell(): void {
    const living = this.#living.filter((one) => one.isAlive());
    if (living.length === 0) return;
    this.say(this.leaving.telling(living.map(({ pid }) => pid)));
    for (const one of living) {
      try {
        one.signal(this.leaving.signal.number);
      } catch (error) {
        if (!isSystemError(error)) throw error;
        if (error.code !== 'ESRCH') this.say(messages.cannotSignal(one.pid, reasonOf(error)));
      }
    }
  }

  #keepFiles(): void {
    for (const listener of this.listeners) {
      try {
        listener.keepFile();
      } catch (error) {
        if (!isSystemError(error)) throw error;
        this.say(messages.fileMayGo(listener.path ?? '', reasonOf(error)));
      }
    }
  }

  async #watch(): Promise<void> {
    for (let pace = shortestPace; !this.#isClosed; pace = Math.min(pace + 1, longestPace)) {
      for (const listener of this.listeners) listener.restoreFile();
      this.#lookForEnds();
      const isAlone = this.#living.length === 0 && !this.leaving.beside.some((one) => one.isAlive());
      if (isAlone && this.#isSettled()) return;
      await idle(pace);
    }
  }

  #lookForEnds(): void {
    const ended = this.#living.filter((one) => !one.isAlive());
    if (ended.length === 0) return;
    this.#living = this.#living.filter((one) => !ended.includes(one));
    for (const { pid } of ended) if (this.leaving.ended !== undefined) this.say(this.leaving.ended(pid));
    if (this.#living.length === 0) this.leaving.left();
  }

  /** False where the system refuses to let us look who has the sockets, perhaps for want of a descriptor. */
  #isSettled(): boolean {
    this.#isTold = true;
    try {
      for (const listener of this.listeners) listener.settle();
      return true;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      return false;
    }
  }
}
