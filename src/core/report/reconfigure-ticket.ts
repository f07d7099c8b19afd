/** What becomes of a command line that is to take the place of another one, told from the decisions that follow. */
import type { Step } from '../loop/decision.js';
import { acceptedWorkers, isRunEnding, type State } from '../loop/state.js';
import type { Event, ToldWorker } from '../loop/types.js';
import { failureIn, type WorkerFailure } from '../loop/worker-failure.js';
import { advance, type Ticket, type Verdict } from './restart-ticket.js';

export interface ReconfigureTicket {
  /** Of its workers, as if a restart had been asked for; undefined until the first is asked for. */
  readonly start: Ticket | undefined;
  readonly isAdopted: boolean;
}

export type ReconfigureVerdict =
  /** It is in force, and this worker serves alone. */
  | { readonly type: 'done'; readonly worker: ToldWorker }
  /** Its worker has failed. `isInForce`: that was another one after the first, for which there is no way back. */
  | {
      readonly type: 'failed';
      readonly failure: WorkerFailure | undefined;
      readonly serves: boolean;
      readonly isInForce: boolean;
    }
  /** Nobody wants it any more, and everything is as it was. */
  | { readonly type: 'withdrawn' }
  /** The superdaemon was told to end first. */
  | { readonly type: 'ending' };

export interface ReconfigureProgress {
  readonly ticket: ReconfigureTicket;
  /** What has failed in this step. */
  readonly failure: WorkerFailure | undefined;
  /** Undefined while nothing is decided. */
  readonly verdict: ReconfigureVerdict | undefined;
}

export const offered: ReconfigureTicket = { start: undefined, isAdopted: false };

/** `before` is where the superdaemon stood when the event came. */
export function advanceReconfiguration(
  ticket: ReconfigureTicket,
  before: State,
  event: Event,
  decision: Step,
): ReconfigureProgress {
  // What happens after it was adopted is another one's.
  const has = (type: string) => !ticket.isAdopted && decision.actions.some((action) => action.type === type);
  if (has('drop')) {
    return { ticket, failure: undefined, verdict: whyDropped(before, event, decision.state) };
  }
  const start = ticket.start ?? startIn(decision);
  const isAdopted = ticket.isAdopted || has('adopt');
  if (start === undefined) return { ticket, failure: undefined, verdict: undefined };
  const progress = advance(start, before, event, decision);
  const next = { start: progress.ticket, isAdopted };
  if (!isAdopted || progress.verdict === undefined)
    return { ticket: next, failure: progress.failure, verdict: undefined };
  const { verdict } = progress;
  return { ticket: next, failure: progress.failure, verdict: inForce(verdict, progress.ticket) };
}

/** What has become of one that is in force already. */
function inForce(verdict: Verdict, { failure }: Ticket): ReconfigureVerdict {
  switch (verdict.type) {
    case 'given up':
      return { ...verdict, type: 'failed', isInForce: true };
    case 'cancelled':
      return { type: 'failed', failure, serves: true, isInForce: true };
    case 'done':
    case 'ending':
      return verdict;
  }
}

function startIn({ actions }: Step): Ticket | undefined {
  const spawn = actions.find((action) => action.type === 'spawn' && action.candidate === true);
  if (spawn?.type !== 'spawn') return undefined;
  return { since: spawn.generation - 1, started: undefined, failure: undefined };
}

function whyDropped(before: State, event: Event, after: State): ReconfigureVerdict {
  if (isRunEnding(after)) return { type: 'ending' };
  if (event.type === 'withdrawn' || event.type === 'cancel' || before.candidate?.trial?.isWithdrawn === true)
    return { type: 'withdrawn' };
  const serves = acceptedWorkers(after).length > 0;
  return { type: 'failed', failure: failureIn(before, event), serves, isInForce: false };
}
