import type { Priority } from '../core/text/priority.js';
import type { StandingOrder } from '../core/loop/standing-order.js';
import type { Event, Settings, Worker } from '../core/loop/types.js';

/** What the loop needs of the operating system. */
export interface Kernel {
  /** Monotonic milliseconds. */
  now(): number;
  /** The settings from the options and the environment as they are at this moment. */
  settings(): Settings;
  /**
   * What happens next. Stop signals overtake everything; a deadline comes when nothing else has happened. The order may be
   * carried out together with what it answers: then that is the event, and the fork that it asks for is done.
   */
  nextEvent(deadline: number | undefined, order?: StandingOrder): Promise<Event>;
  /** Forks a worker, of the candidate or of the command line in force; the outcome is the next event. */
  spawn(generation: number, isCandidate: boolean): void;
  /** Sends a signal to a worker that was not reaped yet, or to the process group that it leads or has led. */
  kill(pid: number, signal: number, group?: true): void;
  log(line: string, priority?: Priority): void;
  /** The candidate is the command line in force from now on. */
  adopt(): void;
  /** The candidate is given up. */
  drop(): void;
  /** Has this process become another image of itself, if that can go on. */
  upgrade(): void;
  writeStatus(workers: readonly Worker[]): void;
}
