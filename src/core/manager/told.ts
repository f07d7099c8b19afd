/** Which message of sd_notify(3) follows which decision. */
import { isBeingCancelled } from '../loop/cancel.js';
import { startedIn } from '../loop/generation-events.js';
import { isEnding, isRunEnding, liveWorkers, probationEnd, settingsAt, type State } from '../loop/state.js';
import type { Step } from '../loop/step.js';
import type { Event, Settings } from '../loop/types.js';

/** What the service manager was told so far, as far as later messages depend on it. */
export interface Told {
  /** READY=1: the start is over. */
  readonly isReady: boolean;
  /** RELOADING=1 was told, and no READY=1 since. */
  readonly isReloading: boolean;
  readonly isStopping: boolean;
  /** The error number of the last restart, 0 where it has not failed. */
  readonly errno: number;
  readonly status: string;
  /** The time until which it was asked to wait, in monotonic milliseconds. */
  readonly waitsUntil: number;
}

export const nothingTold: Told = {
  isReady: false,
  isReloading: false,
  isStopping: false,
  errno: 0,
  status: '',
  waitsUntil: -Infinity,
};

/** A decision as an observer sees it. */
export interface Happening {
  /** Where the superdaemon stood when the event came. */
  readonly before: State;
  readonly event: Event;
  readonly decision: Step;
  readonly settings: Settings;
}

/** The messages for now; each is one datagram with lines of `NAME=value`. */
export interface Telling {
  readonly told: Told;
  readonly messages: readonly string[];
}

/** `sentence` tells people how things are from now on. */
export function tell(before: Told, happening: Happening, sentence: (told: Told) => string): Telling {
  const changed = changes(before, happening);
  const status = sentence(changed.told);
  const waitsUntil = limitOf(changed.told, happening) ?? -Infinity;
  const { now } = happening.event;
  const common = [
    ...(status === before.status ? [] : [`STATUS=${status}`]),
    ...(waitsUntil > before.waitsUntil ? [`EXTEND_TIMEOUT_USEC=${microseconds(waitsUntil - now)}`] : []),
  ];
  const told = { ...changed.told, status, waitsUntil: Math.max(waitsUntil, before.waitsUntil) };
  const last = [...(changed.messages.at(-1) ?? []), ...common];
  const messages = [...changed.messages.slice(0, -1), ...(last.length === 0 ? [] : [last])];
  return { told, messages: messages.map((fields) => fields.join('\n')) };
}

interface Changes {
  readonly told: Told;
  readonly messages: readonly (readonly string[])[];
}

/**
 * A restart begins with RELOADING=1 when it is answered, and ends with READY=1 when it is decided, before the next one
 * begins.
 */
function changes(before: Told, happening: Happening): Changes {
  const { state } = happening.decision;
  const messages: string[][] = [];
  let told = before;
  if (isRunEnding(state)) {
    if (!told.isStopping) messages.push(['STOPPING=1']);
    return { told: { ...told, isStopping: true, isReloading: false }, messages };
  }
  if (!told.isReady && hasStarted(happening)) {
    told = { ...told, isReady: true };
    messages.push(['READY=1']);
  }
  if (told.isReloading && isDecided(happening)) {
    const errno = hasStarted(happening) ? 0 : errnoOf(happening);
    messages.push(['READY=1', ...(errno === told.errno ? [] : [`ERRNO=${String(errno)}`])]);
    told = { ...told, isReloading: false, errno };
  }
  if (told.isReady && isRestartAnswered(happening)) {
    told = { ...told, isReloading: true };
    messages.push(['RELOADING=1', `MONOTONIC_USEC=${microseconds(happening.event.now)}`]);
  }
  return { told, messages };
}

/** Whether a worker was accepted that was new. */
function hasStarted({ before, decision }: Happening): boolean {
  return startedIn(before, decision.state) !== undefined;
}

/** Whether a restart that was asked for has begun. */
function isRestartAnswered({ before, event, decision: { state } }: Happening): boolean {
  const isAsked = before.restartQueued || (event.type === 'signal' && event.signal === 'HUP');
  return isAsked && !state.restartQueued && state.phase.name === 'spawning';
}

/** A new worker was accepted, or no further start is tried; the next restart may begin in the same moment. */
function isDecided(happening: Happening): boolean {
  const { name } = happening.decision.state.phase;
  return name === 'running' || name === 'delaying' || isRestartAnswered(happening);
}

const errnos = { EAGAIN: 11, ECHILD: 10, ETIMEDOUT: 110, ECANCELED: 125 } as const;

/** The error number of a restart that was given up by hand. */
export const cancelledErrno = errnos.ECANCELED;

/** Linux's error number for giving up. */
function errnoOf({ before, event }: Happening): number {
  if (event.type === 'cancel' || isBeingCancelled(before)) return errnos.ECANCELED;
  if (event.type === 'fork failed') return errnos.EAGAIN;
  const wasTooLate = event.type === 'died' && isEnding(before, event.pid);
  return wasTooLate ? errnos.ETIMEDOUT : errnos.ECHILD;
}

/** Milliseconds for what comes after a limit of ours is over: a KILL, the next fork, the end. */
const slack = 5000;

/**
 * Until when the service manager has to wait so that a limit of ours is over first: undefined where there is none, and
 * where starts may fail for ever, since then it is the manager's limit that ends them.
 */
function limitOf(told: Told, { event, decision: { state }, settings }: Happening): number | undefined {
  const isWaiting = !told.isReady || told.isReloading || told.isStopping;
  const isEndless = !told.isStopping && state.failures > 0 && settings.maxFailures === undefined;
  if (!isWaiting || isEndless) return undefined;
  const limits = [ownLimit(state, settings, event.now), wish(state, event)].filter((limit) => limit !== undefined);
  return limits.length === 0 ? undefined : Math.max(...limits) + slack;
}

/** The time that a worker has asked for, if it is one that is waited for: it knows better than we do. */
function wish(state: State, event: Event): number | undefined {
  if (event.type !== 'wants time') return undefined;
  const awaited = state.phase.name === 'starting' ? [state.phase.worker] : isRunEnding(state) ? liveWorkers(state) : [];
  return awaited.some(({ pid }) => pid === event.pid) ? event.now + event.milliseconds : undefined;
}

function ownLimit(state: State, settings: Settings, now: number): number | undefined {
  const { phase } = state;
  const endings = state.ending.flatMap(({ limit }) => limit?.at ?? []);
  switch (phase.name) {
    case 'starting':
      return isEnding(state, phase.worker.pid)
        ? Math.max(...endings)
        : probationEnd(phase.worker, settingsAt(state, settings));
    case 'waiting':
      return Math.max(phase.until, now); // it may have passed while another command line was tried
    case 'stopping':
      return endings.length === 0 ? undefined : Math.max(...endings);
    case 'spawning':
    case 'running':
    case 'delaying':
    case 'stopped':
      return undefined;
  }
}

function microseconds(milliseconds: number): string {
  return String(Math.ceil(milliseconds * 1000));
}
