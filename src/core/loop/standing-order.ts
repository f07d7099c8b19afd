/** What is decided before it happens, so that the system can carry it out at the very moment. */
import { provesItself } from './failed-start.js';
import type { State } from './state.js';
import type { Settings } from './types.js';

/** A worker of the command line in force is to be forked at once, at the next HUP or death. */
export interface StandingOrder {
  readonly generation: number;
  /** The worker whose death it would answer; absent where that would depend on how long it has lived. */
  readonly atDeathOf?: number;
}

/**
 * What `step` would ask for if a HUP came now, or if the worker that serves died. Derived from the state like its deadline:
 * every decision replaces it, and where there is none, nothing is spawned ahead. What came ahead of its decision is no event of
 * its own: the decision is made as ever, and finds the fork it asks for done.
 */
export function standingOrder(state: State, settings: Settings): StandingOrder | undefined {
  const { phase, generation, current, candidate } = state;
  if (phase.name !== 'running' || candidate !== undefined) return undefined;
  const atDeath = current !== undefined && provesItself(settings) ? { atDeathOf: current.pid } : {};
  return { generation: generation + 1, ...atDeath };
}
