/**
 * What goes over the control socket: one line of JSON asks, one or more answer. docs/control.md is the description for
 * whoever writes a client.
 */
import type { CommandChange } from '../command-line/command-changes.js';
import type { GenerationEvent } from '../loop/generation-events.js';
import type { ImageName } from '../loop/messages.js';
import type { FailureReport, StatusReport } from './status-report.js';

export type Request =
  | { readonly command: 'status' | 'stop' | 'reopen logs' | 'follow' | 'upgrade' | 'cancel' }
  /** `progress`: with a line for each start that fails, and for the one that does not. */
  | { readonly command: 'restart'; readonly progress: boolean }
  | ReconfigureRequest;

export interface ReconfigureRequest {
  readonly command: 'reconfigure';
  /** The whole new command line, without the command's own name. */
  readonly words: readonly Word[];
  /** Where it was typed. */
  readonly directory: Word;
  /** Only what would change is asked for. */
  readonly check: boolean;
  /** Seconds after which it is not wanted any more; absent where that is never. */
  readonly timeout?: number;
}

/** A text or, where it is no UTF-8, its bytes. */
export type Word = string | { readonly base64: string };

/** Why something is refused or has failed, for programs; `error` says it to people. */
export type ErrorCode =
  | 'bad request'
  | 'denied'
  | 'busy'
  | 'displaced'
  | 'stopping'
  | 'failed'
  | 'refused'
  | 'timed out'
  | 'unchanged'
  | 'cancelled';

export interface WorkerName {
  readonly generation: number;
  readonly pid: number;
}

export type Answer =
  | { readonly ok: true; readonly status: StatusReport }
  /**
   * A restart that is done, with the worker that has taken over; or that was cancelled, with the one that serves on, or null
   * where the first one of all is still on probation.
   */
  | { readonly ok: true; readonly worker: WorkerName | null }
  /** A stop that is done: this process has ended or, where it is another program's, goes on without us. */
  | { readonly ok: true; readonly pid: number }
  /** An upgrade that is done: from which image, and to which. */
  | { readonly ok: true; readonly upgraded: { readonly from: ImageName; readonly to: ImageName } }
  | { readonly ok: true }
  /** What a new command line would change. */
  | { readonly ok: true; readonly changes: ChangeReport }
  /**
   * Before the answer to a reconfiguration: there is no way back any more; or the time is over, and its worker has to end; or
   * nothing yet, to a client that has closed its side.
   */
  | { readonly progress: 'in force' | 'withdrawn' | 'waiting' }
  /** Before the answer to a restart, any number of times. */
  | { readonly progress: 'failed start'; readonly failure: FailureReport }
  /** Before the answer to a restart: this worker has started well, and serves while older ones are left. */
  | { readonly progress: 'started'; readonly worker: WorkerName }
  /** Before the answer to a cancel: what was cancelled has to end first. */
  | { readonly progress: 'cancelling' }
  /** Before the answer to a stop. */
  | { readonly progress: 'stopping'; readonly pid: number }
  | Refusal
  | FollowedEvent;

export interface Refusal {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly error: string;
  readonly failure?: FailureReport;
  /** After a restart that was given up: whether a worker is left that serves. */
  readonly serves?: boolean;
  /** Of a command line that is wrong, or whose sockets or files cannot be opened: what a start would end with. */
  readonly exitCode?: number;
  /** Further lines of the same. */
  readonly details?: readonly string[];
}

export interface ChangeReport {
  readonly listeners: readonly ListenerChange[];
  readonly command: readonly CommandChange[];
}

export interface ListenerChange {
  readonly change: 'added' | 'kept' | 'closed';
  /** As in SERVER_STARTER_PORT. */
  readonly name: string;
  readonly kind: 'tcp' | 'udp' | 'unix';
  /** Of one that is kept: how it was asked for and is asked for, where that differs. Workers see it by SERVER_STARTER_PORT. */
  readonly asked?: { readonly before: string; readonly after: string };
}

export function refusal(code: ErrorCode, error: string): Refusal {
  return { ok: false, code, error };
}

/** What a follower is told after its `{"ok":true}`. */
export interface FollowedEvent extends WorkerName {
  readonly event: GenerationEvent['type'];
  /** Of a worker that has ended: the wait status, in numbers and in words. */
  readonly waitStatus?: number;
  readonly ending?: string;
  /** The number of the signal that it was sent. */
  readonly signal?: number;
}

const plain = ['status', 'stop', 'reopen logs', 'follow', 'upgrade', 'cancel'] as const;

/** Undefined where the line is no request. Unknown members are ignored: a newer client may send them. */
export function parseRequest(line: string): Request | undefined {
  const { command, progress, ...rest } = objectIn(line) ?? {};
  if (command === 'restart') return { command, progress: progress === true };
  if (command === 'reconfigure') return reconfigureRequest(rest);
  const found = plain.find((each) => each === command);
  return found && { command: found };
}

/** How many bytes a request may have. A command line may be long, of which it is told where it begins. */
export function longestRequest(beginning: string): number {
  return /"command"\s*:\s*"reconfigure"/.test(beginning.slice(0, plainRequest)) ? commandLineRequest : plainRequest;
}

const plainRequest = 4096;
const commandLineRequest = 512 * 1024;

function reconfigureRequest({
  words,
  directory,
  check,
  timeout,
}: Readonly<Record<string, unknown>>): ReconfigureRequest | undefined {
  if (!Array.isArray(words) || !words.every(isWord) || !isWord(directory)) return undefined;
  const isTime = typeof timeout === 'number' && timeout > 0 && timeout < Infinity;
  if (timeout !== undefined && !isTime) return undefined;
  return { command: 'reconfigure', words, directory, check: check === true, ...(isTime ? { timeout } : {}) };
}

/**
 * No argument of a command can have a NUL in it. Half of a surrogate pair is no text: Python's os.fsdecode makes some of bytes
 * that are no UTF-8, and they would arrive as other bytes.
 */
function isWord(value: unknown): value is Word {
  if (typeof value === 'string') return !/\0|\p{Surrogate}/u.test(value);
  const { base64 } = (value ?? {}) as { readonly base64?: unknown };
  return typeof base64 === 'string' && isBase64.test(base64) && !atob(base64).includes('\0');
}

const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Undefined where it is no JSON, or no object. */
export function objectIn(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined; // no JSON
  }
}
