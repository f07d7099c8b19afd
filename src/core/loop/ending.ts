/** Workers that were told to end: the limit that they have, and what happens when it is over. */
import { act, andThen, log, stay, type Step } from './decision.js';
import { byPidText, messages } from './messages.js';
import type { EndingWorker, State } from './state.js';
import type { Action, Duration, Settings, Signal, Worker } from './types.js';

const kill = 9;

/** Signals all of them, as the original does. A worker that was signalled before keeps its earlier limit. */
export function tellToEnd(
  state: State,
  workers: readonly Worker[],
  signal: Signal,
  timeout: Duration | undefined,
  now: number,
): Step {
  const known = new Map(state.ending.map((one) => [one.pid, one]));
  const limit = timeout && { limit: { timeout, at: now + Math.max(0, timeout.seconds) * 1000 } };
  for (const { pid } of workers) if (!known.has(pid)) known.set(pid, { pid, signal, ...limit });
  const signals: Action[] = byPidText(workers).map(({ pid }) => ({ type: 'kill', pid, signal: signal.number }));
  return act({ ...state, ending: [...known.values()] }, ...signals);
}

/** Kills the workers whose limit is over. */
export function killOverdue(state: State, now: number, settings: Settings): Step {
  return state.ending.reduce(
    (step, one) => andThen(step, (next) => killIfOverdue(next, one, now, settings)),
    stay(state),
  );
}

function killIfOverdue(state: State, { limit, ...one }: EndingWorker, now: number, { processGroup }: Settings): Step {
  if (limit === undefined || now < limit.at) return stay(state);
  const ending = state.ending.map((other) => (other.pid === one.pid ? one : other));
  const told = log({ ...state, ending }, messages.notEnded(one.pid, limit.timeout, one.signal), 'warning');
  return andThen(told, (next) => act(next, { type: 'kill', pid: one.pid, signal: kill, ...ofGroup(processGroup) }));
}

/** Forgets a worker that has died, and kills what it has left behind of its group. */
export function bury(state: State, pid: number, { processGroup }: Settings): Step {
  const buried = { ...state, ending: state.ending.filter((one) => one.pid !== pid) };
  return processGroup === true ? act(buried, { type: 'kill', pid, signal: kill, group: true }) : stay(buried);
}

function ofGroup(processGroup: boolean | undefined): { group?: true } {
  return processGroup === true ? { group: true } : {};
}
