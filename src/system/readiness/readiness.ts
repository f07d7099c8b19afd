/**
 * How workers tell that they are ready. What they tell wakes the superdaemon by SIGIO, so nothing has to be looked at
 * meanwhile.
 */
import type { ReadinessPart } from '../../core/handover/document.js';
import type { Word } from '../../core/loop/worker-words.js';
import type { Keep } from '../engine/keep.js';

/** What a spawn has to hand down besides. */
export interface ReadinessHandout {
  readonly variables: readonly (readonly [name: string, value: string])[];
  readonly descriptors: readonly (readonly [from: number, to: number])[];
}

/** What workers, or processes that descend from them, have told. */
export interface Told {
  readonly words: readonly Word[];
  /** False where more was there than is read at once. */
  readonly isAll: boolean;
}

export interface Readiness {
  /** Before each spawn; `free` gives a descriptor number that the worker does not use otherwise. */
  handOut(free: () => number): ReadinessHandout;
  /** After it, with the worker's pid, or with nothing where the fork was refused. */
  handedTo(pid: number | undefined): void;
  /** Once a worker has ended. */
  forget(pid: number): void;
  /** What has been told since, without waiting. */
  take(): Told;
  /** Undefined while something of it is on its way that no other image would know of. */
  handOver(keep: Keep): ReadinessPart | undefined;
  /** Descriptors that can be read from when somebody tells something. */
  readonly readable: readonly number[];
  close(): void;
}
