/**
 * The decision: what a superdaemon does about one event. Pure and total, so that a run can be replayed, printed and
 * fuzzed; `docs/architecture.md` has the diagram.
 */
import { act, andThen, inTurn, log, saying, stay, writeStatus, type Part, type Step } from './decision.js';
import { bury, killOverdue, tellToEnd } from './ending.js';
import { exitCodes } from '../text/exit-codes.js';
import type { Priority } from '../text/priority.js';
import { messages } from './messages.js';
import {
  acceptedWorkers,
  autoRestartDue,
  isEnding,
  liveWorkers,
  probationEnd,
  servingWorkers,
  type Phase,
  type State,
} from './state.js';
import { signalled, stop } from './signalled.js';
import { endAll, endWhenAlone } from './stopping.js';
import type { Duration, Event, Settings, Worker } from './types.js';

export type { Step } from './decision.js';

/** The pause after the first of several failed starts at interval 0, and the longest one, in milliseconds. */
const firstPause = 10;
const longestPause = 1000;

/** How long a worker that was not ready in time has for its end where there is no --stop-timeout. */
const startGrace: Duration = { text: '5', seconds: 5 };

/** What follows from one event. Events that cannot concern the present phase change nothing. */
export function step(state: State, event: Event, settings: Settings): Step {
  return andThen(react(state, event, settings), (next) => answerRestarts(next, event.now, settings));
}

function react(state: State, event: Event, settings: Settings): Step {
  switch (event.type) {
    case 'forked':
      return forked(state, event.pid, event.now, settings);
    case 'fork failed':
      return forkFailed(state, event.reason, event.now, settings);
    case 'died':
      return died(state, event.pid, event.status, event.now, settings);
    case 'signal':
      return signalled(state, event.signal, event.now, settings);
    case 'ready':
      return ready(state, event.pid, event.now, settings);
    case 'said':
      return said(state, event.pid, messages.workerSaid(event.pid, event.text));
    case 'left out':
      return said(state, event.pid, messages.textsLeftOut(event.pid));
    case 'deadline':
      return andThen(killOverdue(state, event.now, settings), (next) => deadline(next, event.now, settings));
    case 'wants time':
    case 'settings changed':
      return stay(state);
  }
}

function deadline(state: State, now: number, settings: Settings): Step {
  const { phase } = state;
  switch (phase.name) {
    case 'waiting':
      return now < phase.until ? stay(state) : spawnNext(state, phase.retiring);
    case 'starting':
      return endProbation(state, phase, now, settings);
    case 'delaying':
      return now < phase.until ? stay(state) : killOldWorkers(state, now, settings);
    case 'spawning':
    case 'running':
    case 'stopping':
    case 'stopped':
      return stay(state);
  }
}

function endProbation(state: State, phase: Starting, now: number, settings: Settings): Step {
  const { readiness, startTimeout, stopTimeout, signalOnTerm } = settings;
  const { worker } = phase;
  const end = probationEnd(worker, settings);
  if (isEnding(state, worker.pid) || end === undefined || now < end) return stay(state);
  if (readiness === undefined || startTimeout === undefined) return accept(state, phase, now, settings);
  const told = log(state, messages.notReady(worker.pid, startTimeout, signalOnTerm), 'warning');
  return andThen(told, (next) => tellToEnd(next, [worker], signalOnTerm, stopTimeout ?? startGrace, now));
}

/** Counts once, and only for the worker on probation, as long as its time is not over. */
function ready(state: State, pid: number, now: number, settings: Settings): Step {
  const { phase } = state;
  const isAwaited = settings.readiness !== undefined && phase.name === 'starting' && phase.worker.pid === pid;
  if (!isAwaited || isEnding(state, pid)) return stay(state);
  return andThen(log(state, messages.workerReady(pid)), (next) => accept(next, phase, now, settings));
}

/** Logs what a worker says, if it lives. */
function said(state: State, pid: number, line: string): Step {
  const isKnown = liveWorkers(state).some((worker) => worker.pid === pid);
  return isKnown ? log(state, line) : stay(state);
}

function answerRestarts(state: State, now: number, settings: Settings): Step {
  if (state.phase.name !== 'running') return stay(state);
  if (state.restartQueued) {
    const answered: State = { ...state, restartQueued: false, failures: 0 };
    return andThen(log(answered, messages.receivedHup()), (next) => spawnNext(next, true));
  }
  const due = autoRestartDue(state, settings);
  if (settings.autoRestart === undefined || due === undefined || now < due) return stay(state);
  const message = state.old.length === 0 ? messages.autoRestart : messages.forcedAutoRestart;
  return andThen(log(state, message(settings.autoRestart)), (next) => spawnNext(next, true));
}

function spawnNext(state: State, retiring: boolean): Step {
  const generation = state.generation + 1;
  const phase = { name: 'spawning', retiring, stop: undefined } as const;
  return act({ ...state, generation, phase }, { type: 'spawn', generation });
}

function forked(state: State, pid: number, now: number, settings: Settings): Step {
  const { phase, generation } = state;
  if (phase.name !== 'spawning') return stay(state);
  const worker = { pid, generation, forkedAt: now };
  const starting: State = { ...state, phase: { name: 'starting', retiring: phase.retiring, worker } };
  const started = log(starting, messages.startingWorker(pid));
  const { stop: signal } = phase;
  return signal === undefined ? started : andThen(started, (next) => stop(next, signal, now, settings));
}

/** A fork that the system refuses is tried again later; the original died of it and orphaned its workers. */
function forkFailed(state: State, reason: string, now: number, settings: Settings): Step {
  const { phase } = state;
  if (phase.name !== 'spawning') return stay(state);
  const told = log(state, messages.forkFailed(reason), 'warning');
  const failed = andThen(told, (next) => tryLater(next, phase.retiring, now, now, settings));
  const { stop: signal } = phase;
  return signal === undefined ? failed : andThen(failed, (next) => stop(next, signal, now, settings));
}

/** One fork an interval; with an interval of 0 the pause doubles from failure to failure. */
function tryLater(state: State, retiring: boolean, forkedAt: number, now: number, settings: Settings): Step {
  const failed: State = { ...state, failures: state.failures + 1, phase: { name: 'waiting', retiring, until: now } };
  if (failed.failures >= (settings.maxFailures ?? Infinity)) return giveUp(failed, now, settings);
  const { interval, maxPause } = settings;
  const pause = Math.min(firstPause * 2 ** state.failures, longestPause);
  const until = interval > 0 ? Math.max(now, forkedAt + interval * 1000) : now + pause;
  const growing =
    maxPause === undefined ? now : now + Math.min(Math.max(1, interval) * 2 ** state.failures, maxPause) * 1000;
  return stay({ ...failed, phase: { name: 'waiting', retiring, until: Math.max(until, growing) } });
}

/** Where a worker is left that serves, the run goes on with it; otherwise the run ends. */
function giveUp(state: State, now: number, settings: Settings): Step {
  const current = servingWorkers(state).at(-1);
  if (current === undefined) {
    const told = log(state, messages.nothingServes(state.failures), 'error');
    return andThen(told, (next) => endAll(next, settings.signalOnTerm, exitCodes.nothingServes.code, now, settings));
  }
  const old = acceptedWorkers(state).filter((worker) => worker !== current);
  const given: State = { ...state, phase: { name: 'running' }, current, old, failures: 0, lastRestart: now };
  return log(given, messages.restartGivenUp(state.failures, current.pid), 'warning');
}

function accept(state: State, phase: Starting, now: number, settings: Settings): Step {
  const old = acceptedWorkers(state);
  const failures = provesItself(settings) ? 0 : state.failures;
  const current = phase.worker;
  const accepted: State = { ...state, phase: { name: 'running' }, current, old, failures, lastRestart: now };
  const written = writeStatus(accepted);
  if (!phase.retiring) return written;
  return andThen(written, (next) => retireOldWorkers(next, now, settings));
}

function retireOldWorkers(state: State, now: number, settings: Settings): Step {
  const announced = log(state, messages.newWorkerRunning(settings.signalOnHup, state.old));
  const delay = settings.killOldDelay;
  if (delay.seconds === 0) return andThen(announced, (next) => killOldWorkers(next, now, settings));
  const until = now + Math.max(0, delay.seconds) * 1000;
  return andThen(announced, (next) =>
    log({ ...next, phase: { name: 'delaying', until } }, messages.delayingKill(delay)),
  );
}

/** Old workers that linger from earlier restarts are signalled again, as the original does. */
function killOldWorkers(state: State, now: number, { signalOnHup, stopTimeout }: Settings): Step {
  const killing = log({ ...state, phase: { name: 'running' } }, messages.killingOldWorkers());
  return andThen(killing, (next) => tellToEnd(next, next.old, signalOnHup, stopTimeout, now));
}

function died(state: State, pid: number, status: number, now: number, settings: Settings): Step {
  const { phase } = state;
  const burial: Part = (next) => bury(next, pid, settings);
  if (phase.name === 'starting' && phase.worker.pid === pid) {
    const { retiring, worker } = phase;
    const failed = saying(messages.failedToStart(pid, status), 'warning');
    return inTurn(state, failed, burial, (next) => tryLater(next, retiring, worker.forkedAt, now, settings));
  }
  const worker = acceptedWorkers(state).find((candidate) => candidate.pid === pid);
  if (worker === undefined) return stay(state);
  const removal: Part = (next) => stay(remove(next, worker));
  const told = (line: string, priority?: Priority) => [burial, removal, saying(line, priority), writeStatus];
  if (phase.name === 'stopping') {
    const { code } = phase;
    return inTurn(state, ...told(messages.workerDied(pid, status)), (next) => endWhenAlone(next, code));
  }
  if (worker === state.current && (phase.name === 'running' || phase.name === 'delaying')) {
    return inTurn(state, ...told(messages.diedUnexpectedly(pid, status), 'warning'), (next) =>
      replace(next, worker, now, settings),
    );
  }
  return inTurn(state, ...told(messages.oldWorkerDied(pid, status)));
}

/** If the worker dies while its predecessors still wait for their signal, they serve on until another is accepted. */
function replace(state: State, worker: Worker, now: number, settings: Settings): Step {
  const retiring = state.phase.name === 'delaying';
  const early = !provesItself(settings) && now - worker.forkedAt < longestPause;
  if (early) return tryLater(state, retiring, worker.forkedAt, now, settings);
  return spawnNext({ ...state, failures: 0 }, retiring);
}

/** Whether a worker must live for a while to be accepted; otherwise one that dies soon after has failed to start, too. */
function provesItself({ interval, readiness }: Settings): boolean {
  return interval > 0 && readiness === undefined;
}

function remove(state: State, worker: Worker): State {
  const current = state.current === worker ? undefined : state.current;
  return { ...state, current, old: state.old.filter((candidate) => candidate !== worker) };
}

type Starting = Phase & { readonly name: 'starting' };
