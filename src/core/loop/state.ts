import type { Duration, Settings, Signal, StopSignal, WayToEnd, Worker } from './types.js';

/**
 * Where a superdaemon stands. `retiring` says that workers which still serve are to be signalled once the new one is
 * accepted: so after a HUP or an auto restart, not when a dead worker is replaced. `isCancelled`: the new worker is not
 * wanted any more.
 */
export type Phase =
  | {
      readonly name: 'spawning';
      readonly retiring: boolean;
      readonly stop: StopSignal | undefined;
      readonly isCancelled?: boolean;
    }
  | { readonly name: 'starting'; readonly retiring: boolean; readonly worker: Worker; readonly isCancelled?: boolean }
  | { readonly name: 'waiting'; readonly retiring: boolean; readonly until: number }
  | { readonly name: 'running' }
  | { readonly name: 'delaying'; readonly until: number }
  | { readonly name: 'stopping'; readonly code: number }
  | { readonly name: 'stopped' };

/** A worker that was told to end, and lives. */
export interface EndingWorker {
  readonly pid: number;
  readonly signal: Signal;
  /** How long it has, and when that is over; absent where there is no limit, or it was killed already. */
  readonly limit?: { readonly timeout: Duration; readonly at: number };
}

/** A command line that is tried: it is in force only for its one worker, until that has taken the place of all others. */
export interface Candidate {
  readonly settings: Settings;
  /** Undefined while its worker has not been asked for. */
  readonly trial: Trial | undefined;
}

export interface Trial {
  /** Of its worker. */
  readonly generation: number;
  /** The pause that it has come into: another start is due after it, unless the candidate is adopted. */
  readonly pause: (Phase & { readonly name: 'waiting' }) | undefined;
  /** It was withdrawn while its worker was being forked, or on probation: that one has to end. */
  readonly isWithdrawn: boolean;
}

/** All that a decision may rest on. Times are monotonic milliseconds. */
export interface State {
  readonly phase: Phase;
  readonly generation: number;
  /** The newest worker that was accepted, until its successor is. */
  readonly current: Worker | undefined;
  /** Workers that still live after their successor was accepted; when the run ends, all that live. */
  readonly old: readonly Worker[];
  /** All workers that were told to end, and live. */
  readonly ending: readonly EndingWorker[];
  /** When the current worker was accepted. */
  readonly lastRestart: number;
  /** A HUP came that no restart has answered yet. */
  readonly restartQueued: boolean;
  /** Starts that failed in a row; where workers need not live for an interval, also deaths soon after a start. */
  readonly failures: number;
  readonly candidate: Candidate | undefined;
}

/** A superdaemon that is about to start its first worker. */
export function initialState(now: number): State {
  return {
    phase: { name: 'waiting', retiring: false, until: now },
    generation: 0,
    current: undefined,
    old: [],
    ending: [],
    lastRestart: now,
    restartQueued: false,
    failures: 0,
    candidate: undefined,
  };
}

/** Those of the candidate while its worker is on trial; `settings` are those of the command line in force. */
export function settingsAt({ candidate }: State, settings: Settings): Settings {
  return candidate?.trial === undefined ? settings : candidate.settings;
}

export function wayToEndIn({ signalOnHup, signalOnTerm, stopTimeout, processGroup }: WayToEnd): WayToEnd {
  return {
    signalOnHup,
    signalOnTerm,
    ...(stopTimeout && { stopTimeout }),
    ...(processGroup === undefined ? {} : { processGroup }),
  };
}

/** The workers a status file names: those that were accepted and live. */
export function acceptedWorkers({ current, old }: State): Worker[] {
  return current === undefined ? [...old] : [...old, current];
}

/** Every worker that lives, the one on probation too. */
export function liveWorkers(state: State): Worker[] {
  const accepted = acceptedWorkers(state);
  return state.phase.name === 'starting' ? [...accepted, state.phase.worker] : accepted;
}

/** Accepted workers that nobody has told to end, the newest last. */
export function servingWorkers(state: State): Worker[] {
  const ending = endingPids(state);
  return acceptedWorkers(state).filter(({ pid }) => !ending.has(pid));
}

export function isEnding({ ending }: State, pid: number): boolean {
  return ending.some((one) => one.pid === pid);
}

/** Of whom `isEnding` is true; for who asks about many workers, since each of them may linger among many. */
export function endingPids({ ending }: State): ReadonlySet<number> {
  return new Set(ending.map(({ pid }) => pid));
}

/** Whether the superdaemon ends, or has ended. */
export function isRunEnding({ phase }: State): boolean {
  return phase.name === 'stopping' || phase.name === 'stopped';
}

/** When the next `deadline` event is due, or undefined while only deaths and signals can change anything. */
export function deadlineOf(state: State, settings: Settings): number | undefined {
  const limits = state.ending.map(({ limit }) => limit?.at);
  const due = [phaseDeadline(state, settingsAt(state, settings)), ...limits].filter((at) => at !== undefined);
  return due.length === 0 ? undefined : Math.min(...due);
}

function phaseDeadline(state: State, settings: Settings): number | undefined {
  const { phase } = state;
  switch (phase.name) {
    case 'starting':
      return isEnding(state, phase.worker.pid) ? undefined : probationEnd(phase.worker, settings);
    case 'waiting':
    case 'delaying':
      return phase.until;
    case 'running':
      return autoRestartDue(state, settings);
    case 'spawning':
    case 'stopping':
    case 'stopped':
      return undefined;
  }
}

/** When a worker is accepted for having lived so long, or ended for not being ready yet; undefined where it has forever. */
export function probationEnd(
  { forkedAt }: Worker,
  { interval, readiness, startTimeout }: Settings,
): number | undefined {
  if (readiness === undefined) return forkedAt + interval * 1000;
  return startTimeout === undefined ? undefined : forkedAt + startTimeout.seconds * 1000;
}

/**
 * The original looks once a second at the whole seconds since the last acceptance: one interval is enough while no old
 * worker lingers, two force a restart while one does; less than a second is never noticed.
 */
export function autoRestartDue(state: State, { autoRestart }: Settings): number | undefined {
  if (autoRestart === undefined) return undefined;
  const intervals = state.old.length === 0 ? 1 : 2;
  return state.lastRestart + Math.max(1, Math.ceil(intervals * autoRestart.seconds)) * 1000;
}
