/** What went wrong with a worker: it died without having been told to end, or could not even be forked. */
import { isEnding, liveWorkers, type State } from './state.js';
import type { Event, ToldWorker, Worker } from './types.js';
import { isUnwanted } from './unwanted.js';

export type WorkerFailure =
  | { readonly type: 'died'; readonly generation: number; readonly worker: ToldWorker; readonly status: number }
  | { readonly type: 'fork refused'; readonly generation: number; readonly reason: string };

/** `before` is where the superdaemon stood when the event came. */
export function failureIn(before: State, event: Event): WorkerFailure | undefined {
  if (event.type === 'fork failed') {
    return { type: 'fork refused', generation: before.generation, reason: event.reason };
  }
  if (event.type !== 'died' || before.phase.name === 'stopping') return undefined;
  const worker = liveWorkers(before).find(({ pid }) => pid === event.pid);
  if (worker === undefined || isExpected(before, worker)) return undefined;
  return { type: 'died', generation: worker.generation, worker, status: event.status };
}

/** A worker on probation that is told to end was not ready in time, and so it has failed, unless nobody wants it any more. */
function isExpected(before: State, worker: Worker): boolean {
  const { phase } = before;
  const isStarting = phase.name === 'starting' && phase.worker === worker;
  return isStarting ? isUnwanted(before, worker) : isEnding(before, worker.pid);
}
