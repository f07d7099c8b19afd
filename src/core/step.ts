/**
 * The decision: what a superdaemon does about one event. Pure and total, so that a run can be replayed, printed and
 * fuzzed; `docs/architecture.md` has the diagram.
 */
import { byPidText, messages } from './messages.js';
import { acceptedWorkers, autoRestartDue, liveWorkers, type Phase, type State } from './state.js';
import type { Action, Event, Settings, Signal, StopSignal, Worker } from './types.js';

/** A decision: the state that follows and what is to be done, in order. */
export interface Step {
  readonly state: State;
  readonly actions: readonly Action[];
}

/** The pause after the first of several failed starts at interval 0, and the longest one, in milliseconds. */
const firstPause = 10;
const longestPause = 1000;

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
      return event.signal === 'HUP' ? queueRestart(state) : stop(state, event.signal, settings);
    case 'deadline':
      return deadline(state, event.now, settings);
    case 'settings changed':
      return stay(state);
  }
}

function deadline(state: State, now: number, settings: Settings): Step {
  const { phase } = state;
  switch (phase.name) {
    case 'waiting':
      return now < phase.until ? stay(state) : spawn(state, phase.retiring);
    case 'starting': {
      const accepting = now >= phase.worker.forkedAt + settings.interval * 1000;
      return accepting ? accept(state, phase, now, settings) : stay(state);
    }
    case 'delaying':
      return now < phase.until ? stay(state) : killOldWorkers(state, settings);
    case 'spawning':
    case 'running':
    case 'stopping':
    case 'stopped':
      return stay(state);
  }
}

/** HUPs that arrive during a restart are folded into one further restart after it. */
function queueRestart(state: State): Step {
  const ending = state.phase.name === 'stopping' || state.phase.name === 'stopped';
  return stay(ending ? state : { ...state, restartQueued: true });
}

function answerRestarts(state: State, now: number, settings: Settings): Step {
  if (state.phase.name !== 'running') return stay(state);
  if (state.restartQueued) {
    return andThen(log({ ...state, restartQueued: false }, messages.receivedHup()), (next) => spawn(next, true));
  }
  const due = autoRestartDue(state, settings);
  if (settings.autoRestart === undefined || due === undefined || now < due) return stay(state);
  const message = state.old.length === 0 ? messages.autoRestart : messages.forcedAutoRestart;
  return andThen(log(state, message(settings.autoRestart)), (next) => spawn(next, true));
}

function spawn(state: State, retiring: boolean): Step {
  const generation = state.generation + 1;
  return {
    state: { ...state, generation, phase: { name: 'spawning', retiring, stop: undefined } },
    actions: [{ type: 'spawn', generation }],
  };
}

function forked(state: State, pid: number, now: number, settings: Settings): Step {
  const { phase, generation } = state;
  if (phase.name !== 'spawning') return stay(state);
  const worker = { pid, generation, forkedAt: now };
  const starting: State = { ...state, phase: { name: 'starting', retiring: phase.retiring, worker } };
  const started = log(starting, messages.startingWorker(pid));
  const { stop: signal } = phase;
  return signal === undefined ? started : andThen(started, (next) => stop(next, signal, settings));
}

/** A fork that the system refuses is tried again later; the original died of it and orphaned its workers. */
function forkFailed(state: State, reason: string, now: number, settings: Settings): Step {
  const { phase } = state;
  if (phase.name !== 'spawning') return stay(state);
  const failed = log(tryLater(state, phase.retiring, now, now, settings), messages.forkFailed(reason));
  const { stop: signal } = phase;
  return signal === undefined ? failed : andThen(failed, (next) => stop(next, signal, settings));
}

/** One fork an interval; with an interval of 0 the pause doubles from failure to failure. */
function tryLater(state: State, retiring: boolean, forkedAt: number, now: number, settings: Settings): State {
  const pause = Math.min(firstPause * 2 ** state.failures, longestPause);
  const until = settings.interval > 0 ? Math.max(now, forkedAt + settings.interval * 1000) : now + pause;
  return { ...state, failures: state.failures + 1, phase: { name: 'waiting', retiring, until } };
}

function accept(state: State, phase: Phase & { name: 'starting' }, now: number, settings: Settings): Step {
  const old = acceptedWorkers(state);
  const accepted: State = { ...state, phase: { name: 'running' }, current: phase.worker, old, lastRestart: now };
  const written = writeStatus(accepted);
  if (!phase.retiring) return written;
  return andThen(written, (next) => retireOldWorkers(next, now, settings));
}

function retireOldWorkers(state: State, now: number, settings: Settings): Step {
  const announced = log(state, messages.newWorkerRunning(settings.signalOnHup, state.old));
  const delay = settings.killOldDelay;
  if (delay.seconds === 0) return andThen(announced, (next) => killOldWorkers(next, settings));
  const until = now + Math.max(0, delay.seconds) * 1000;
  return andThen(announced, (next) =>
    log({ ...next, phase: { name: 'delaying', until } }, messages.delayingKill(delay)),
  );
}

/** Old workers that linger from earlier restarts are signalled again, as the original does. */
function killOldWorkers(state: State, { signalOnHup }: Settings): Step {
  const killing = log({ ...state, phase: { name: 'running' } }, messages.killingOldWorkers());
  return { ...killing, actions: [...killing.actions, ...signalAll(state.old, signalOnHup)] };
}

function stop(state: State, received: StopSignal, settings: Settings): Step {
  const { phase } = state;
  if (phase.name === 'stopping' || phase.name === 'stopped') return stay(state);
  if (phase.name === 'spawning') return stay({ ...state, phase: { ...phase, stop: phase.stop ?? received } });
  const workers = liveWorkers(state);
  const signal = received === 'TERM' ? settings.signalOnTerm : term;
  const stopping: State = { ...state, phase: { name: 'stopping' }, current: undefined, old: workers };
  const announced = log(stopping, messages.stopping(received, signal, workers));
  return endWhenAlone({ ...announced, actions: [...announced.actions, ...signalAll(workers, signal)] });
}

function died(state: State, pid: number, status: number, now: number, settings: Settings): Step {
  const { phase } = state;
  if (phase.name === 'starting' && phase.worker.pid === pid) {
    const waiting = tryLater(state, phase.retiring, phase.worker.forkedAt, now, settings);
    return log(waiting, messages.failedToStart(pid, status));
  }
  const worker = acceptedWorkers(state).find((candidate) => candidate.pid === pid);
  if (worker === undefined) return stay(state);
  if (phase.name === 'stopping') {
    return endWhenAlone(andThen(log(without(state, worker), messages.workerDied(pid, status)), writeStatus));
  }
  if (worker === state.current && (phase.name === 'running' || phase.name === 'delaying')) {
    const buried = log(without(state, worker), messages.diedUnexpectedly(pid, status));
    return andThen(andThen(buried, writeStatus), (next) => replace(next, worker, now, settings));
  }
  return andThen(log(without(state, worker), messages.oldWorkerDied(pid, status)), writeStatus);
}

/** A worker that dies while its predecessors wait for their signal leaves them to serve until a better one is up. */
function replace(state: State, worker: Worker, now: number, settings: Settings): Step {
  const retiring = state.phase.name === 'delaying';
  const early = settings.interval === 0 && now - worker.forkedAt < longestPause;
  if (early) return stay(tryLater(state, retiring, worker.forkedAt, now, settings));
  return spawn({ ...state, failures: 0 }, retiring);
}

function endWhenAlone(stopped: Step): Step {
  if (stopped.state.old.length > 0) return stopped;
  const { state, actions } = andThen(stopped, (next) => log(next, messages.exiting()));
  return { state: { ...state, phase: { name: 'stopped' } }, actions: [...actions, { type: 'exit', code: 0 }] };
}

const term: Signal = { name: 'TERM', number: 15 };

function without(state: State, worker: Worker): State {
  return {
    ...state,
    current: state.current === worker ? undefined : state.current,
    old: state.old.filter((candidate) => candidate !== worker),
  };
}

function signalAll(workers: readonly Worker[], signal: Signal): Action[] {
  return byPidText(workers).map(({ pid }) => ({ type: 'kill', pid, signal: signal.number }));
}

function writeStatus(state: State): Step {
  return { state, actions: [{ type: 'write status', workers: acceptedWorkers(state) }] };
}

function log(state: State, line: string): Step {
  return { state, actions: [{ type: 'log', line }] };
}

function stay(state: State): Step {
  return { state, actions: [] };
}

function andThen({ state, actions }: Step, decide: (state: State) => Step): Step {
  const next = decide(state);
  return { state: next.state, actions: [...actions, ...next.actions] };
}
