/** Workers that were told to end: the limit that they have, and what happens when it is over. */
import { act, stay, type Step } from './decision.js';
import { byPidText, messages } from './messages.js';
import { endingPids, liveWorkers, type EndingWorker, type State } from './state.js';
import type { Action, Duration, Signal, WayToEnd, Worker } from './types.js';

const kill = 9;

/** What a worker on probation has to end where there is no --stop-timeout. */
const startGrace: Duration = { text: '5', seconds: 5 };

/** Which signal each of them is sent, by what its command line says. */
export type SignalOf = (way: WayToEnd) => Signal;

export const onHup: SignalOf = ({ signalOnHup }) => signalOnHup;
export const onTerm: SignalOf = ({ signalOnTerm }) => signalOnTerm;

/** Signals all of them, as the original does. A worker that was signalled before keeps its earlier limit. */
export function tellToEnd(
  state: State,
  workers: readonly Worker[],
  signalOf: SignalOf,
  now: number,
  longest?: Duration,
): Step {
  const told = endingPids(state);
  const untold = workers.filter(({ pid }) => !told.has(pid));
  const ending = untold.map(({ pid, wayToEnd }): EndingWorker => {
    const timeout = wayToEnd.stopTimeout ?? longest;
    const limit = timeout && { limit: { timeout, at: now + Math.max(0, timeout.seconds) * 1000 } };
    return { pid, signal: signalOf(wayToEnd), ...limit };
  });
  const signals: Action[] = byPidText(workers).map(({ pid, wayToEnd }) => ({
    type: 'kill',
    pid,
    signal: signalOf(wayToEnd).number,
  }));
  return act({ ...state, ending: [...state.ending, ...ending] }, ...signals);
}

/** A worker that has not been accepted has to go in any case. */
export function endOnProbation(state: State, worker: Worker, now: number): Step {
  return tellToEnd(state, [worker], onTerm, now, startGrace);
}

/** Who is sent which signal, for the log; with nobody, the one signal that it would be. */
export function bySignal(
  workers: readonly Worker[],
  signalOf: SignalOf,
  inForce: WayToEnd,
): { signal: Signal; workers: Worker[] }[] {
  const groups = new Map<string, { signal: Signal; workers: Worker[] }>();
  for (const worker of workers) {
    const signal = signalOf(worker.wayToEnd);
    const group = groups.get(signal.name);
    if (group === undefined) groups.set(signal.name, { signal, workers: [worker] });
    else group.workers.push(worker);
  }
  return groups.size === 0 ? [{ signal: signalOf(inForce), workers: [] }] : [...groups.values()];
}

/** Kills the workers whose limit is over. */
export function killOverdue(state: State, now: number): Step {
  const isOverdue = (one: EndingWorker): one is Required<EndingWorker> =>
    one.limit !== undefined && now >= one.limit.at;
  const overdue = state.ending.filter(isOverdue);
  if (overdue.length === 0) return stay(state);
  const leaders = groupLeaders(state);
  const actions = overdue.flatMap(({ pid, signal, limit }): Action[] => [
    { type: 'log', line: messages.notEnded(pid, limit.timeout, signal), priority: 'warning' },
    { type: 'kill', pid, signal: kill, ...(leaders.has(pid) && { group: true }) },
  ]);
  const ending = state.ending.map((one) => (isOverdue(one) ? { pid: one.pid, signal: one.signal } : one));
  return act({ ...state, ending }, ...actions);
}

/**
 * Forgets a worker that has died, and kills what it has left behind of its group. To be called while the state still has
 * it.
 */
export function bury(state: State, pid: number): Step {
  const buried = { ...state, ending: state.ending.filter((one) => one.pid !== pid) };
  return groupLeaders(state).has(pid) ? act(buried, { type: 'kill', pid, signal: kill, group: true }) : stay(buried);
}

function groupLeaders(state: State): ReadonlySet<number> {
  const leaders = liveWorkers(state).filter(({ wayToEnd }) => wayToEnd.processGroup === true);
  return new Set(leaders.map(({ pid }) => pid));
}
