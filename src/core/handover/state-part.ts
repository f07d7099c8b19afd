/** The state of the decision, as it is handed over. */
import type { State } from '../loop/state.js';
import { flag, list, number, oneOf, optional, record, text, type Shaped } from './shape.js';

export const workerPart = record({ pid: number, generation: number, forkedAt: number });

const durationPart = record({ text, seconds: number });

const endingPart = record({
  pid: number,
  signal: record({ name: text, number }),
  limit: optional(record({ timeout: durationPart, at: number })),
});

/** There is no phase 'spawning': the end of a fork that is under way is waited for, and follows at once. */
const phasePart = oneOf('name', {
  starting: { retiring: flag, worker: workerPart },
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

/** Undefined while it cannot be handed over: a fork is under way, or all is over. */
export function partOf({ current, phase, ...rest }: State): StatePart | undefined {
  if (phase.name === 'spawning' || phase.name === 'stopped') return undefined;
  return { ...rest, phase, ...(current === undefined ? {} : { current }) };
}

/** A worker that is named twice becomes one object again, because the decision compares workers by identity. */
export function stateOf({ current, old, phase, ...rest }: StatePart): State {
  return { ...rest, phase, old, current };
}
