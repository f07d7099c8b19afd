/**
 * The decision: what a superdaemon does about one event. Pure and total, so that a run can be replayed, printed and
 * fuzzed; `docs/architecture.md` has the diagram.
 */
import { cancel, endCancelled, unlessCancelled } from './cancel.js';
import { adoptCandidate, dropCandidate, endWithdrawn, isTried, offer, tryCandidate, withdraw } from './candidate.js';
import { andThen, inTurn, log, saying, spawnNext, stay, writeStatus, type Part, type Step } from './decision.js';
import { bury, bySignal, endOnProbation, killOverdue, onHup, tellToEnd } from './ending.js';
import { longestPause, provesItself, tryLater } from './failed-start.js';
import type { Priority } from '../text/priority.js';
import { messages } from './messages.js';
import {
  acceptedWorkers,
  autoRestartDue,
  isEnding,
  liveWorkers,
  probationEnd,
  settingsAt,
  wayToEndIn,
  type Phase,
  type State,
} from './state.js';
import { signalled, stop } from './signalled.js';
import { endWhenAlone } from './stopping.js';
import type { Event, Settings, Worker } from './types.js';

export type { Step } from './decision.js';

/** What follows from one event. Events that cannot concern the present phase change nothing. */
export function step(state: State, event: Event, settings: Settings): Step {
  const reaction = react(state, event, settingsAt(state, settings));
  return andThen(reaction, (next) => startWhatWaits(next, event.now, settingsAfter(state, reaction, settings)));
}

/** `settings` are those of the command line that was in force before the event. */
function settingsAfter({ candidate }: State, { state, actions }: Step, settings: Settings): Settings {
  const isAdopted = actions.some(({ type }) => type === 'adopt');
  return isAdopted && candidate !== undefined ? candidate.settings : settingsAt(state, settings);
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
      return andThen(killOverdue(state, event.now), (next) => deadline(next, event.now, settings));
    case 'wants time':
    case 'settings changed':
      return stay(state);
    case 'reconfigure':
      return offer(state, event.settings);
    case 'withdrawn':
      return withdraw(state, event.now);
    case 'cancel':
      return cancel(state, event.now);
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
      return now < phase.until ? stay(state) : killOldWorkers(state, now);
    case 'spawning':
    case 'running':
    case 'stopping':
    case 'stopped':
      return stay(state);
  }
}

function endProbation(state: State, phase: Starting, now: number, settings: Settings): Step {
  const { readiness, startTimeout, signalOnTerm } = settings;
  const { worker } = phase;
  const end = probationEnd(worker, settings);
  if (isEnding(state, worker.pid) || end === undefined || now < end) return stay(state);
  if (readiness === undefined || startTimeout === undefined) return accept(state, phase, now, settings);
  const told = log(state, messages.notReady(worker.pid, startTimeout, signalOnTerm), 'warning');
  return andThen(told, (next) => endOnProbation(next, worker, now));
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

/** A candidate goes first: what else waits is answered after it, by the command line that is in force then. */
function startWhatWaits(state: State, now: number, settings: Settings): Step {
  const { phase, candidate } = state;
  const isFree = phase.name === 'running' || phase.name === 'waiting';
  if (isFree && candidate !== undefined) return tryCandidate(state, candidate);
  if (phase.name !== 'running') return stay(state);
  if (state.restartQueued) {
    const answered: State = { ...state, restartQueued: false, failures: 0 };
    return andThen(log(answered, messages.receivedHup()), (next) => spawnNext(next, true));
  }
  const due = autoRestartDue(state, settings);
  if (settings.autoRestart === undefined || due === undefined || now < due) return stay(state);
  const message = state.old.length === 0 ? messages.autoRestart : messages.forcedAutoRestart;
  return andThen(log(state, message(settings.autoRestart)), (next) => spawnNext(next, true));
}

function forked(state: State, pid: number, now: number, settings: Settings): Step {
  const { phase, generation } = state;
  if (phase.name !== 'spawning') return stay(state);
  const worker: Worker = { pid, generation, forkedAt: now, wayToEnd: wayToEndIn(settings) };
  const { stop: signal, retiring, isCancelled } = phase;
  const starting: State = {
    ...state,
    phase: { name: 'starting', retiring, worker, ...(isCancelled === true && { isCancelled }) },
  };
  const started = inTurn(
    starting,
    saying(messages.startingWorker(pid)),
    (next) => endWithdrawn(next, now),
    (next) => endCancelled(next, now),
  );
  return signal === undefined ? started : andThen(started, (next) => stop(next, signal, now, settings));
}

/** A fork that the system refuses is tried again later; the original died of it and orphaned its workers. */
function forkFailed(state: State, reason: string, now: number, settings: Settings): Step {
  const { phase, generation } = state;
  if (phase.name !== 'spawning') return stay(state);
  const failed = isTried(state, generation)
    ? andThen(log(state, messages.candidateForkFailed(reason), 'warning'), dropCandidate)
    : inTurn(
        state,
        saying(messages.forkFailed(reason), 'warning'),
        unlessCancelled(state, now, (next) => tryLater(next, phase.retiring, now, now, settings)),
      );
  const { stop: signal } = phase;
  return signal === undefined ? failed : andThen(failed, (next) => stop(next, signal, now, settings));
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
  const lines = bySignal(state.old, onHup, settings).map(({ signal, workers }) =>
    saying(messages.newWorkerRunning(signal, workers)),
  );
  const announced = inTurn(state, ...lines);
  const delay = settings.killOldDelay;
  if (delay.seconds === 0) return andThen(announced, (next) => killOldWorkers(next, now));
  const until = now + Math.max(0, delay.seconds) * 1000;
  return andThen(announced, (next) =>
    log({ ...next, phase: { name: 'delaying', until } }, messages.delayingKill(delay)),
  );
}

/** Old workers that linger from earlier restarts are signalled again, as the original does. */
function killOldWorkers(state: State, now: number): Step {
  return inTurn(
    { ...state, phase: { name: 'running' } },
    adoptCandidate,
    saying(messages.killingOldWorkers()),
    (next) => tellToEnd(next, next.old, onHup, now),
  );
}

function died(state: State, pid: number, status: number, now: number, settings: Settings): Step {
  const { phase } = state;
  const burial: Part = (next) => bury(next, pid);
  if (phase.name === 'starting' && phase.worker.pid === pid) {
    const { retiring, worker } = phase;
    const failed = saying(messages.failedToStart(pid, status), 'warning');
    const later = unlessCancelled(state, now, (next) => tryLater(next, retiring, worker.forkedAt, now, settings));
    return inTurn(state, failed, burial, isTried(state, worker.generation) ? dropCandidate : later);
  }
  const worker = acceptedWorkers(state).find((candidate) => candidate.pid === pid);
  if (worker === undefined) return stay(state);
  const removal: Part = (next) => stay(remove(next, worker));
  const told = (line: string, priority?: Priority) => [burial, removal, saying(line, priority), writeStatus];
  if (phase.name === 'stopping') {
    const { code } = phase;
    return inTurn(state, ...told(messages.workerDied(pid, status)), (next) => endWhenAlone(next, code));
  }
  if (worker === state.current && isTried(state, worker.generation)) {
    return inTurn(state, ...told(messages.workerDied(pid, status)), dropCandidate);
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

function remove(state: State, worker: Worker): State {
  const current = state.current === worker ? undefined : state.current;
  return { ...state, current, old: state.old.filter((candidate) => candidate !== worker) };
}

type Starting = Phase & { readonly name: 'starting' };
