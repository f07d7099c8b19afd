/** The state of the decision, as it is handed over. */
import type { State } from '../loop/state.js';
import type { WayToEnd, Worker } from '../loop/types.js';
import { flag, list, number, oneOf, optional, pid, record, text, type Shaped } from '../report/shape.js';

const durationPart = record({ text, seconds: number });
const signalPart = record({ name: text, number });

const wayToEndPart = record({
  signalOnHup: signalPart,
  signalOnTerm: signalPart,
  stopTimeout: optional(durationPart),
  processGroup: optional(flag),
});

/** `wayToEnd`: an image that had only one command line in its life has not told it. */
export const workerPart = record({
  pid,
  generation: number,
  forkedAt: number,
  wayToEnd: optional(wayToEndPart),
});
export type WorkerPart = Shaped<typeof workerPart>;

const endingPart = record({
  pid,
  signal: signalPart,
  limit: optional(record({ timeout: durationPart, at: number })),
});

/** There is no phase 'spawning': the end of a fork that is under way is waited for, and follows at once. */
const phasePart = oneOf('name', {
  starting: { retiring: flag, worker: workerPart, isCancelled: optional(flag) },
  waiting: { retiring: flag, until: number },
  running: {},
  delaying: { until: number },
  stopping: { code: number },
});

export const statePart = record({
  phase: phasePart,
  generation: number,
  current: optional(workerPart),
  old: list(workerPart),
  ending: list(endingPart),
  lastRestart: number,
  restartQueued: flag,
  failures: number,
});

export type StatePart = Shaped<typeof statePart>;

/** Undefined while it cannot be handed over: a fork is under way, another command line is tried, or all is over. */
export function partOf({ current, phase, candidate, ...rest }: State): StatePart | undefined {
  if (phase.name === 'spawning' || phase.name === 'stopped' || candidate !== undefined) return undefined;
  return { ...rest, phase, ...(current === undefined ? {} : { current }) };
}

/** `wayToEnd` is that of workers of which it is not told. */
export function stateOf({ current, old, phase, ...rest }: StatePart, wayToEnd: WayToEnd): State {
  const workerOf = (part: WorkerPart): Worker => ({ ...part, wayToEnd: part.wayToEnd ?? wayToEnd });
  return {
    ...rest,
    phase: phase.name === 'starting' ? { ...phase, worker: workerOf(phase.worker) } : phase,
    old: old.map(workerOf),
    current: current && workerOf(current),
    candidate: undefined,
  };
}
