/**
 * The nouns of superdaemon, shared by every layer.
 *
 * All text that comes from outside (arguments, environment, paths, file contents) is a byte string: one character for
 * one byte, 0 to 255, so that bytes that are not UTF-8 reach the worker as they came.
 */
import type { Failure } from '../text/exit-codes.js';
import type { Priority } from '../text/priority.js';

/** One run of the program. */
export interface Worker {
  readonly pid: number;
  /** Counted from 1, one more before every fork, failed starts too. */
  readonly generation: number;
  /** Monotonic milliseconds of the fork. */
  readonly forkedAt: number;
  /** How its own command line has it end; another one may be in force by then. */
  readonly wayToEnd: WayToEnd;
}

/** A worker that is only told of. */
export type ToldWorker = Omit<Worker, 'wayToEnd'>;

/** What a command line says about the end of its workers. */
export type WayToEnd = Pick<Settings, 'signalOnHup' | 'signalOnTerm' | 'stopTimeout' | 'processGroup'>;

/** A duration as the operator wrote it: the text is what the log repeats. */
export interface Duration {
  readonly text: string;
  readonly seconds: number;
}

/** A signal as the log shows it (`TERM`, `10`) with the number that is sent. */
export interface Signal {
  readonly name: string;
  readonly number: number;
}

/** How a worker tells that it serves: by a datagram as systemd has it, or by a line on a descriptor as s6 has it. */
export type ReadinessKind = 'notify' | 'fd';

/** What `step` must know of the options and of the environment that overrides them. */
export interface Settings {
  /** Probation of a new worker, in seconds. */
  readonly interval: number;
  readonly killOldDelay: Duration;
  /** Absent while auto restart is off. */
  readonly autoRestart: Duration | undefined;
  readonly signalOnHup: Signal;
  readonly signalOnTerm: Signal;
  /** How a worker tells that it is ready; where this is absent, it has started well when it has lived for `interval`. */
  readonly readiness?: ReadinessKind;
  /** A worker that has not told so within this time is ended. */
  readonly startTimeout?: Duration;
  /** Workers that were told to end, and have not ended within this time, are killed. */
  readonly stopTimeout?: Duration;
  /** After so many failed starts in a row there is no further one. */
  readonly maxFailures?: number;
  /** Pauses between failed starts double up to so many seconds. */
  readonly maxPause?: number;
  /** Each worker leads a process group of its own, which is killed with it. */
  readonly processGroup?: boolean;
}

/** The signals that end a run. */
export type StopSignal = 'TERM' | 'INT' | 'QUIT';

/** What can happen to a superdaemon. */
export type Event =
  | { readonly type: 'forked'; readonly pid: number; readonly now: number }
  | { readonly type: 'fork failed'; readonly reason: string; readonly now: number }
  | { readonly type: 'died'; readonly pid: number; readonly status: number; readonly now: number }
  | { readonly type: 'signal'; readonly signal: StopSignal | 'HUP' | 'USR2'; readonly now: number }
  /** A worker, or a process that descends from it, has told that it serves. */
  | { readonly type: 'ready'; readonly pid: number; readonly now: number }
  /** Such a process has told something about itself, for the log. */
  | { readonly type: 'said'; readonly pid: number; readonly text: string; readonly now: number }
  /** A worker says too much: from here on some of it is left out. */
  | { readonly type: 'left out'; readonly pid: number; readonly now: number }
  /** A worker asks whoever waits for it, such as systemd, to wait so many milliseconds longer, counted from now. */
  | { readonly type: 'wants time'; readonly pid: number; readonly milliseconds: number; readonly now: number }
  | { readonly type: 'deadline'; readonly now: number }
  | { readonly type: 'settings changed'; readonly now: number }
  /** Another command line is to take the place of the one in force; these are its settings. */
  | { readonly type: 'reconfigure'; readonly settings: Settings; readonly now: number }
  /** Whoever has asked for it does not want it any more. */
  | { readonly type: 'withdrawn'; readonly now: number }
  /** Whatever start is under way, or was asked for, is to be given up. */
  | { readonly type: 'cancel'; readonly now: number };

/** What a decision asks of the system, to be performed in order. */
export type Action =
  | { readonly type: 'log'; readonly line: string; readonly priority?: Priority }
  /** `candidate`: by the command line that is tried, not by the one in force. */
  | { readonly type: 'spawn'; readonly generation: number; readonly candidate?: true }
  /** `group`: to every process of the group that the worker leads, or has led until it died. */
  | { readonly type: 'kill'; readonly pid: number; readonly signal: number; readonly group?: true }
  | { readonly type: 'write status'; readonly workers: readonly Worker[] }
  /** The candidate is the command line in force from here on. */
  | { readonly type: 'adopt' }
  /** The candidate is given up; the command line in force stays that. */
  | { readonly type: 'drop' }
  /** The process is to become another image of itself, which goes on from here. */
  | { readonly type: 'upgrade' }
  | { readonly type: 'exit'; readonly code: number };

/** Either a value or what is wrong with the input, as a line to print and the exit code that goes with it. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure };
