/** A decision in the making: a state, and what is to be done. */
import type { Priority } from '../text/priority.js';
import { acceptedWorkers, type State } from './state.js';
import type { Action } from './types.js';

/** A decision: the state that follows and what is to be done, in order. */
export interface Step {
  readonly state: State;
  readonly actions: readonly Action[];
}

export function stay(state: State): Step {
  return { state, actions: [] };
}

export function act(state: State, ...actions: readonly Action[]): Step {
  return { state, actions };
}

export function log(state: State, line: string, priority?: Priority): Step {
  return act(state, { type: 'log', line, ...(priority && { priority }) });
}

export function writeStatus(state: State): Step {
  return act(state, { type: 'write status', workers: acceptedWorkers(state) });
}

/** Asks for a worker of the command line in force. */
export function spawnNext(state: State, retiring: boolean): Step {
  const generation = state.generation + 1;
  const phase = { name: 'spawning', retiring, stop: undefined } as const;
  return act({ ...state, generation, phase }, { type: 'spawn', generation });
}

/** What the second decides comes after what the first one did. */
export function andThen({ state, actions }: Step, decide: (state: State) => Step): Step {
  const next = decide(state);
  return { state: next.state, actions: [...actions, ...next.actions] };
}

/** A part of a decision. */
export type Part = (state: State) => Step;

/** Each part decides on the state that the parts before it have left. */
export function inTurn(state: State, ...parts: readonly Part[]): Step {
  return parts.reduce(andThen, stay(state));
}

/** A line of the log, as a part of a decision. */
export function saying(line: string, priority?: Priority): Part {
  return (state) => log(state, line, priority);
}
