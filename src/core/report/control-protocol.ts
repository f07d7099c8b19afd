/**
 * What goes over the control socket: one line of JSON asks, one or more answer. docs/control.md is the description for
 * whoever writes a client.
 */
import type { GenerationEvent } from '../loop/generation-events.js';
import type { ImageName } from '../loop/messages.js';
import type { FailureReport, StatusReport } from './status-report.js';

export type Request =
  | { readonly command: 'status' | 'stop' | 'reopen logs' | 'follow' | 'upgrade' }
  /** `progress`: with a line for each start that fails. */
  | { readonly command: 'restart'; readonly progress: boolean };

/** Why something is refused or has failed, for programs; `error` says it to people. */
export type ErrorCode = 'bad request' | 'denied' | 'busy' | 'displaced' | 'stopping' | 'failed' | 'refused';

export interface WorkerName {
  readonly generation: number;
  readonly pid: number;
}

export type Answer =
  | { readonly ok: true; readonly status: StatusReport }
  /** A restart that is done, with the worker that has taken over. */
  | { readonly ok: true; readonly worker: WorkerName }
  /** A stop that is done: this process has ended or, where it is another program's, goes on without us. */
  | { readonly ok: true; readonly pid: number }
  /** An upgrade that is done: from which image, and to which. */
  | { readonly ok: true; readonly upgraded: { readonly from: ImageName; readonly to: ImageName } }
  | { readonly ok: true }
  /** Before the answer to a restart, any number of times. */
  | { readonly progress: 'failed start'; readonly failure: FailureReport }
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

const plain = ['status', 'stop', 'reopen logs', 'follow', 'upgrade'] as const;

/** Undefined where the line is no request. Unknown members are ignored: a newer client may send them. */
export function parseRequest(line: string): Request | undefined {
  const { command, progress } = objectIn(line) ?? {};
  if (command === 'restart') return { command, progress: progress === true };
  const found = plain.find((each) => each === command);
  return found && { command: found };
}

/** Undefined where the line cannot be an answer of a superdaemon. The members of an answer are not checked. */
export function parseAnswer(line: string): Answer | undefined {
  const found = objectIn(line);
  if (found === undefined) return undefined;
  const isAnswer = typeof found['ok'] === 'boolean' || 'progress' in found || 'event' in found;
  return isAnswer ? (found as unknown as Answer) : undefined;
}

function objectIn(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined; // no JSON
  }
}
