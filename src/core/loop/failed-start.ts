/** What follows when a start has failed: another one after a pause or, after too many of them, none. */
import { exitCodes } from '../text/exit-codes.js';
import { andThen, log, stay, type Step } from './decision.js';
import { onTerm } from './ending.js';
import { messages } from './messages.js';
import { acceptedWorkers, servingWorkers, type State } from './state.js';
import { endAll } from './stopping.js';
import type { Settings } from './types.js';

/** The pause after the first of several failed starts at interval 0, and the longest one, in milliseconds. */
const firstPause = 10;
export const longestPause = 1000;

/** One fork an interval; with an interval of 0 the pause doubles from failure to failure. */
export function tryLater(state: State, retiring: boolean, forkedAt: number, now: number, settings: Settings): Step {
  const failed: State = { ...state, failures: state.failures + 1, phase: { name: 'waiting', retiring, until: now } };
  if (failed.failures >= (settings.maxFailures ?? Infinity)) return giveUp(failed, now);
  const { interval, maxPause } = settings;
  const pause = Math.min(firstPause * 2 ** state.failures, longestPause);
  const until = interval > 0 ? Math.max(now, forkedAt + interval * 1000) : now + pause;
  const growing =
    maxPause === undefined ? now : now + Math.min(Math.max(1, interval) * 2 ** state.failures, maxPause) * 1000;
  return stay({ ...failed, phase: { name: 'waiting', retiring, until: Math.max(until, growing) } });
}

/** Where a worker is left that serves, the run goes on with it; otherwise the run ends. */
function giveUp(state: State, now: number): Step {
  const current = servingWorkers(state).at(-1);
  if (current === undefined) {
    const told = log(state, messages.nothingServes(state.failures), 'error');
    return andThen(told, (next) => endAll(next, onTerm, exitCodes.nothingServes.code, now));
  }
  const old = acceptedWorkers(state).filter((worker) => worker !== current);
  const given: State = { ...state, phase: { name: 'running' }, current, old, failures: 0, lastRestart: now };
  return log(given, messages.restartGivenUp(state.failures, current.pid), 'warning');
}

/** Whether a worker must live for a while to be accepted; otherwise one that dies soon after has failed to start, too. */
export function provesItself({ interval, readiness }: Settings): boolean {
  return interval > 0 && readiness === undefined;
}
