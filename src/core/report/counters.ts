/** What a superdaemon has counted since its start, for monitoring. */
import { isUnwanted } from '../loop/unwanted.js';
import type { Step } from '../loop/decision.js';
import { endedIn, startedIn } from '../loop/generation-events.js';
import { endingPids, isEnding, type State } from '../loop/state.js';
import type { Event } from '../loop/types.js';

const kill = 9;

export interface EventCounters {
  /** New workers that died, or were not ready in time, before they had started well; not those that were given up by hand. */
  readonly failedStarts: number;
  /** Workers that had started well, and died without having been told to. */
  readonly unexpectedDeaths: number;
  /** Workers that got KILL, since they had not ended in time. */
  readonly forcedEnds: number;
  /** Restarts, by HUP, `--restart` or by age, that ended with a worker which serves. */
  readonly restarts: number;
  /** Restarts that were given up, by hand too. */
  readonly failedRestarts: number;
  /** How often the process has become another image, not counting sleep. */
  readonly upgrades: number;
}

export interface Counters extends EventCounters {
  /** The last restart that ended well: when, in monotonic milliseconds, and how many of them it took. */
  readonly lastRestart?: { readonly at: number; readonly took: number };
  /** When the restart began that is under way. */
  readonly since?: number;
}

export const nothingCounted: Counters = {
  failedStarts: 0,
  unexpectedDeaths: 0,
  forcedEnds: 0,
  restarts: 0,
  failedRestarts: 0,
  upgrades: 0,
};

/** The counters after a decision; `before` is where the superdaemon stood when the event came. */
export function counted(counters: Counters, before: State, event: Event, decision: Step): Counters {
  const ended = endedIn(before, event);
  const hasFailed = ended.some(({ type, worker }) => type === 'failed' && !isUnwanted(before, worker));
  const isUnexpected = ended.some(({ type, worker }) => type === 'died' && !isEnding(before, worker.pid));
  const next: Counters = {
    ...counters,
    failedStarts: counters.failedStarts + (hasFailed || event.type === 'fork failed' ? 1 : 0),
    unexpectedDeaths: counters.unexpectedDeaths + (isUnexpected && before.phase.name !== 'stopping' ? 1 : 0),
    forcedEnds: counters.forcedEnds + forcedEnds(before, event, decision),
  };
  return restartCounted(next, before, event, decision.state, startedIn(before, decision.state) !== undefined);
}

function forcedEnds(before: State, event: Event, { actions }: Step): number {
  const killed = actions.flatMap((action) => (action.type === 'kill' && action.signal === kill ? action.pid : []));
  if (event.type === 'died' || killed.length === 0) return 0;
  const ending = endingPids(before);
  return killed.filter((pid) => ending.has(pid)).length;
}

function restartCounted(
  { since, ...counters }: Counters,
  before: State,
  event: Event,
  after: State,
  hasStarted: boolean,
): Counters {
  const [was, is] = [isRestarting(before), isRestarting(after)];
  if (was && hasStarted) {
    const lastRestart = { at: event.now, took: event.now - (since ?? event.now) };
    return { ...counters, restarts: counters.restarts + 1, lastRestart, ...(is && { since: event.now }) };
  }
  if (was && !is && after.phase.name === 'running') return { ...counters, failedRestarts: counters.failedRestarts + 1 };
  if (!is) return counters;
  return { ...counters, since: since ?? event.now };
}

function isRestarting({ phase }: State): boolean {
  return 'retiring' in phase && phase.retiring;
}
