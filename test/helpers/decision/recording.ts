/** What test/fixtures/recorded-start.ts has written of a run, and its replay through `step`. */
import { readFileSync } from 'node:fs';
import { initialState } from '../../../src/core/loop/state.js';
import { step } from '../../../src/core/loop/step.js';
import type { Action, Event, Settings } from '../../../src/core/loop/types.js';

/** A call of the kernel: its name, and what it was given. */
export type Performed = readonly [name: string, ...words: unknown[]];

export interface Turn {
  /** When the run began, by the monotonic clock of the kernel. */
  readonly startedAt: number;
  readonly event: Event;
  /** The settings with which the decision was made. */
  readonly settings: Settings;
  readonly performed: readonly Performed[];
}

export function readRecording(path: string): Turn[] {
  const lines = readFileSync(path, 'latin1').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Turn); // written by our own fixture
}

/** For every turn what was done, and what `step` asks for by itself. */
export function replayed(turns: readonly Turn[]): { event: Event; done: string; asked: string }[] {
  let state = initialState(turns[0]?.startedAt ?? 0);
  return turns.map(({ event, settings, performed }) => {
    const decision = step(state, event, settings);
    ({ state } = decision);
    const asked = decision.actions.filter(({ type }) => type !== 'exit').map(asPerformed);
    return { event, done: JSON.stringify(performed), asked: JSON.stringify(asked) };
  });
}

function asPerformed(action: Action): Performed {
  switch (action.type) {
    case 'log':
      return ['log', action.line];
    case 'spawn':
      return ['spawn', action.generation];
    case 'kill':
      return ['kill', action.pid, action.signal, ...('group' in action ? [action.group] : [])];
    case 'write status':
      return ['write status', ...action.workers];
    case 'adopt':
    case 'drop':
    case 'upgrade':
      return [action.type];
    case 'exit':
      return ['exit', action.code];
  }
}
