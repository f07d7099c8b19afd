/** What becomes of one request to restart, as the decisions after it show; there may be several requests at a time. */
import type { Step } from '../loop/decision.js';
import { generationEvents, type GenerationEvent } from '../loop/generation-events.js';
import { obstacleToCancel, workersBefore } from '../loop/cancel.js';
import { acceptedWorkers, isRunEnding, liveWorkers, type State } from '../loop/state.js';
import type { Event, ToldWorker } from '../loop/types.js';
import { failureIn, type WorkerFailure } from '../loop/worker-failure.js';

export interface Ticket {
  /** The counter of generations when the restart was asked for: newer workers were started for it, or are as good. */
  readonly since: number;
  /** The first newer worker that was accepted. It stays this one when another restart has replaced it since. */
  readonly started: ToldWorker | undefined;
  /** The last failure of a newer worker. */
  readonly failure: WorkerFailure | undefined;
}

export type Verdict =
  /** This worker has started well, and nothing that was there before it is left. */
  | { readonly type: 'done'; readonly worker: ToldWorker }
  /** No further start is tried. */
  | { readonly type: 'given up'; readonly failure: WorkerFailure | undefined; readonly serves: boolean }
  /** It was given up by hand, and who served before serves on. */
  | { readonly type: 'cancelled' }
  /** The superdaemon was told to end first. */
  | { readonly type: 'ending' };

export interface Progress {
  readonly ticket: Ticket;
  /** What has failed in this step. */
  readonly failure: WorkerFailure | undefined;
  /** Undefined while nothing is decided. */
  readonly verdict: Verdict | undefined;
}

export function requestedAt({ generation }: State): Ticket {
  return { since: generation, started: undefined, failure: undefined };
}

/** `before` is where the superdaemon stood when the event came. */
export function advance(ticket: Ticket, before: State, event: Event, decision: Step): Progress {
  const failed = failureIn(before, event);
  const failure = failed !== undefined && failed.generation > ticket.since ? failed : undefined;
  const next: Ticket = {
    ...ticket,
    started: startedFor(ticket, failure, generationEvents(before, event, decision)),
    failure: failure ?? ticket.failure,
  };
  const isCancelled = event.type === 'cancel' && wasCancelled(ticket, before);
  const verdict = isCancelled
    ? ({ type: 'cancelled' } as const)
    : verdictOn(next, failure !== undefined, event, decision.state);
  return { ticket: next, failure, verdict };
}

/** Whether a cancel concerns it: while it waits for the start that is under way, for the next one, or can be taken back. */
export function wasCancelled({ since, started }: Pick<Ticket, 'since' | 'started'>, before: State): boolean {
  const { phase, generation, restartQueued, current } = before;
  if (started !== undefined && (phase.name !== 'delaying' || started.generation !== current?.generation)) return false;
  const isQueued = since >= generation;
  return isQueued ? restartQueued : obstacleToCancel(before) === undefined && workersBefore(before).length > 0;
}

/** A worker that dies while its predecessors are still there has not started well after all. */
function startedFor(
  { since, started }: Ticket,
  failure: WorkerFailure | undefined,
  happened: readonly GenerationEvent[],
): ToldWorker | undefined {
  if (started !== undefined) return failure?.generation === started.generation ? undefined : started;
  return happened.find(({ type, worker }) => type === 'started' && worker.generation > since)?.worker;
}

function verdictOn(
  { since, started, failure }: Ticket,
  hasFailed: boolean,
  event: Event,
  state: State,
): Verdict | undefined {
  if (isRunEnding(state)) {
    // Without a signal, the superdaemon ends because too many starts have failed and no worker serves.
    return event.type === 'signal' ? { type: 'ending' } : { type: 'given up', failure, serves: false };
  }
  const isAlone = liveWorkers(state).every(({ generation }) => generation > since);
  if (started !== undefined && isAlone) return { type: 'done', worker: started };
  // A failed start is followed by a pause or another fork, unless it was the last one. After one that has started well, it
  // was for somebody else.
  const isRunning = state.phase.name === 'running';
  const isGivenUp = started === undefined && hasFailed && isRunning && acceptedWorkers(state).length > 0;
  return isGivenUp ? { type: 'given up', failure, serves: true } : undefined;
}
