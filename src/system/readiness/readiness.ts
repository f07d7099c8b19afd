/**
 * How workers tell that they are ready. When they tell something, SIGIO wakes the superdaemon, so it need not look from
 * time to time.
 */
import type { ReadinessPart } from '../../core/handover/document.js';
import type { Word } from '../../core/loop/worker-words.js';
import type { Keep } from '../engine/keep.js';

/** What a spawn has to hand down for it. */
export interface ReadinessHandout {
  readonly variables: readonly (readonly [name: string, value: string])[];
  readonly descriptors: readonly (readonly [from: number, to: number])[];
}

/** What workers, or processes that descend from them, have told. */
export interface Told {
  readonly words: readonly Word[];
  /** False where more was there than is read in one turn. */
  readonly isAll: boolean;
}

export interface Readiness {
  /** Before each spawn; `free` gives a descriptor number that the worker does not use otherwise. */
  handOut(free: () => number): ReadinessHandout;
  /** After the spawn, with the worker's pid; with undefined where the fork was refused. */
  handedTo(pid: number | undefined): void;
  /** When a worker has ended. */
  forget(pid: number): void;
  /** What has been told since the last call, without waiting. */
  take(): Told;
  /** Undefined while something is under way that cannot be handed over. */
  handOver(keep: Keep): ReadinessPart | undefined;
  /** Descriptors that can be read from when somebody tells something. */
  readonly readable: readonly number[];
  close(): void;
}
