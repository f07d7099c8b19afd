/** What a decision means for the generations of a program, told apart from how it is logged. */
import { acceptedWorkers, liveWorkers, type State } from './state.js';
import type { Step } from './step.js';
import type { Action, Event, Worker } from './types.js';

export type GenerationEvent =
  /** Forked; its probation begins. */
  | { readonly type: 'spawned'; readonly worker: Worker }
  /** It has lived for the interval and serves from now on. */
  | { readonly type: 'started'; readonly worker: Worker }
  /** It died before that, with this wait status. */
  | { readonly type: 'failed'; readonly worker: Worker; readonly status: number }
  /** It was sent the signal of this number: another one has taken its place, or the run ends. */
  | { readonly type: 'retired'; readonly worker: Worker; readonly signal: number }
  /** It had started well, and has ended with this wait status. */
  | { readonly type: 'died'; readonly worker: Worker; readonly status: number };

/** In the order in which they happen: `before` is where the superdaemon stood when the event came. */
export function generationEvents(before: State, event: Event, { state, actions }: Step): GenerationEvent[] {
  const started = startedIn(before, state);
  return [
    ...endedIn(before, event),
    ...spawned(before, event, state),
    ...(started === undefined ? [] : [{ type: 'started', worker: started } as const]),
    ...retired(before, actions),
  ];
}

/** A worker that becomes the current one again, because a restart is given up, has started long ago. */
export function startedIn(before: State, { current }: State): Worker | undefined {
  return current === undefined || acceptedWorkers(before).includes(current) ? undefined : current;
}

function spawned({ phase }: State, event: Event, after: State): GenerationEvent[] {
  if (event.type !== 'forked' || phase.name !== 'spawning') return [];
  const worker = liveWorkers(after).find(({ pid }) => pid === event.pid);
  return worker === undefined ? [] : [{ type: 'spawned', worker }];
}

/** All old workers are signalled at once, and hundreds of them may linger. */
function retired(before: State, actions: readonly Action[]): GenerationEvent[] {
  const kills = actions.filter((action) => action.type === 'kill');
  if (kills.length === 0) return [];
  const known = new Map(liveWorkers(before).map((worker) => [worker.pid, worker]));
  return kills.flatMap(({ pid, signal }) => {
    const worker = known.get(pid);
    return worker === undefined ? [] : [{ type: 'retired', worker, signal }];
  });
}

/** Nothing where no worker of ours has ended; there cannot be two. */
export function endedIn(before: State, event: Event): (GenerationEvent & { readonly type: 'died' | 'failed' })[] {
  if (event.type !== 'died') return [];
  const worker = liveWorkers(before).find(({ pid }) => pid === event.pid);
  if (worker === undefined) return [];
  const type = acceptedWorkers(before).includes(worker) ? 'died' : 'failed';
  return [{ type, worker, status: event.status }];
}
