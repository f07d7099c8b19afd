/**
 * A restart that is given up by hand. As long as workers from before it serve on, everything can be as it was: who is on
 * probation has to end, and so has a worker that was accepted while the old ones are not told to end yet.
 */
import { goBack, isTried, withdraw } from './candidate.js';
import { andThen, inTurn, log, saying, stay, type Part, type Step } from './decision.js';
import { endOnProbation } from './ending.js';
import { messages } from './messages.js';
import { isRunEnding, liveWorkers, servingWorkers, type State } from './state.js';
import type { Worker } from './types.js';

/** Why nothing can be cancelled: the run ends; no start is under way; or the first worker of all is awaited. */
export type CancelObstacle = 'ending' | 'nothing under way' | 'nobody else serves';

export function obstacleToCancel(state: State): CancelObstacle | undefined {
  if (isRunEnding(state)) return 'ending';
  if (state.restartQueued || state.candidate !== undefined) return undefined;
  if (state.phase.name === 'running') return 'nothing under way';
  return workersBefore(state).length === 0 ? 'nobody else serves' : undefined;
}

/** Whether something that was cancelled has not ended yet. */
export function isBeingCancelled(state: State): boolean {
  const { phase, current, candidate } = state;
  const isMarked = 'isCancelled' in phase && phase.isCancelled;
  const newest = current?.generation ?? Infinity;
  const isLeft = phase.name === 'running' && liveWorkers(state).some(({ generation }) => generation > newest);
  return isMarked || isLeft || candidate?.trial?.isWithdrawn === true;
}

/** All that was asked for is given up: what waits, another command line that is tried, and the start that is under way. */
export function cancel(state: State, now: number): Step {
  if (isRunEnding(state)) return stay(state);
  const isTrying = state.candidate?.trial !== undefined;
  return inTurn(
    state,
    clearQueue,
    (next) => withdrawn(next, now),
    (next) => (isTrying ? stay(next) : cancelStart(next, now)),
  );
}

const clearQueue: Part = (state) =>
  state.restartQueued ? log({ ...state, restartQueued: false }, messages.queueCancelled()) : stay(state);

/** The pause that a candidate has come into is over with it, if anybody serves. */
function withdrawn(state: State, now: number): Step {
  const { candidate } = state;
  if (candidate === undefined || candidate.trial?.isWithdrawn === true) return stay(state);
  const { trial } = candidate;
  if (trial === undefined || workersBefore(state).length === 0) return withdraw(state, now);
  return withdraw({ ...state, candidate: { ...candidate, trial: { ...trial, pause: undefined } } }, now);
}

function cancelStart(state: State, now: number): Step {
  const { phase } = state;
  if (workersBefore(state).length === 0) return stay(state);
  switch (phase.name) {
    case 'spawning':
      return stay({ ...state, phase: { ...phase, isCancelled: true } });
    case 'starting':
      if (phase.isCancelled === true) return stay(state);
      return endCancelled({ ...state, phase: { ...phase, isCancelled: true } }, now);
    case 'waiting':
      return serveOn(state, now);
    case 'delaying':
      return inTurn(
        state,
        ...newWorkers(state).map(
          (worker): Part =>
            (next) =>
              end(next, worker, now),
        ),
        (next) => serveOn(next, now),
      );
    case 'running':
    case 'stopping':
    case 'stopped':
      return stay(state);
  }
}

/** Tells the worker on probation to end; nothing where its start was not cancelled. */
export function endCancelled(state: State, now: number): Step {
  const { phase } = state;
  return phase.name === 'starting' && phase.isCancelled === true ? end(state, phase.worker, now) : stay(state);
}

function end(state: State, worker: Worker, now: number): Step {
  return inTurn(state, saying(messages.cancelling(worker.pid, worker.wayToEnd.signalOnTerm)), (next) =>
    endOnProbation(next, worker, now),
  );
}

/** A start that was cancelled is over: who serves goes on to serve and, where nobody is left, another one is started. */
function serveOn(state: State, now: number): Step {
  return andThen(goBack({ ...state, failures: 0, lastRestart: now }, undefined), (next) =>
    next.current === undefined ? stay(next) : log(next, messages.cancelled(next.current.pid)),
  );
}

/** Who serves, and would if the start that is under way had not been. */
export function workersBefore(state: State): Worker[] {
  const others = newWorkers(state);
  return servingWorkers(state).filter((worker) => !others.includes(worker));
}

/** Who was accepted, and would not serve then. */
function newWorkers(state: State): Worker[] {
  const isNew = (worker: Worker) => state.phase.name === 'delaying' || isTried(state, worker.generation);
  return servingWorkers(state).filter((worker) => worker === state.current && isNew(worker));
}

/** What follows when a start has failed: nothing more where it was cancelled. */
export function unlessCancelled({ phase }: State, now: number, otherwise: Part): Part {
  return 'isCancelled' in phase && phase.isCancelled ? (next) => serveOn(next, now) : otherwise;
}
