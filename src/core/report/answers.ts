/**
 * What may answer each request. Anything may listen at the path of a control socket, so an answer is read member by member
 * before it is believed. Members that only a newer superdaemon has are kept, for whoever prints the whole.
 */
import type { GenerationEvent } from '../loop/generation-events.js';
import type { ImageName } from '../loop/messages.js';
import { objectIn, type Answer, type Request } from './control-protocol.js';
import { anyPid, list, Misshapen, number, optional, pid, record, text, whole, type Reader } from './shape.js';
import type { CountersReport, FailureReport, ListenerReport, StatusReport, WorkerReport } from './status-report.js';

/** Further words of this kind may come from a newer superdaemon, and are shown as they are; hence no reader of our types. */
const anyWord = text as Reader<never>;

const workerName = { generation: number, pid };

export const imageName: Reader<ImageName> = record({ superdaemon: text, node: text });

export const failureReport: Reader<FailureReport> = record({
  generation: number,
  pid: optional(pid),
  waitStatus: optional(number),
  ending: text,
  output: optional(list(text)),
});

/** The members that are numbers of events. */
export const eventCounters = {
  failedStarts: number,
  unexpectedDeaths: number,
  forcedEnds: number,
  restarts: number,
  failedRestarts: number,
  upgrades: number,
};

const workerReport: Reader<WorkerReport> = record({ ...workerName, state: anyWord, age: optional(number) });

const listenerReport: Reader<ListenerReport> = record({
  name: text,
  kind: anyWord,
  address: text,
  port: optional(number),
});

const countersReport: Reader<CountersReport> = record({
  startTime: number,
  ...eventCounters,
  lastRestart: optional(record({ time: number, took: number })),
});

const lastFailure: Reader<FailureReport & { readonly age: number }> = (value, at) => ({
  ...failureReport(value, at),
  ...record({ age: number })(value, at),
});

const statusReport: Reader<StatusReport> = record({
  pid: anyPid,
  version: optional(text),
  state: optional(anyWord),
  next: optional(record({ after: anyWord, left: optional(number) })),
  generation: number,
  workers: list(workerReport),
  listeners: optional(list(listenerReport)),
  command: optional(list(text)),
  tried: optional(list(text)),
  closing: optional(list(listenerReport)),
  leftBehind: optional(list(pid)),
  counters: optional(countersReport),
  lastFailure: optional(lastFailure),
});

const changeReport = record({
  listeners: list(record({ change: text, name: text, kind: text })),
  command: list(record({ option: optional(text), before: optional(list(text)), after: optional(list(text)) })),
});

const refusal = record({
  code: text,
  error: text,
  failure: optional(failureReport),
  exitCode: optional(whole('an exit code of a failure', 1, 255)),
  details: optional(list(text)),
});

/** Of one request: the answer where it is carried out, and what may be told before that, or behind it, by its word. */
interface Expected {
  readonly done: Reader<unknown>;
  readonly news?: Readonly<Record<string, Reader<unknown>>>;
}

const nothing = record({});
const failedStart = { 'failed start': record({ failure: failureReport }) };

const ofWorker = record({
  ...workerName,
  waitStatus: optional(number),
  ending: optional(text),
  signal: optional(number),
});
const events: Readonly<Record<GenerationEvent['type'], Reader<unknown>>> = {
  spawned: ofWorker,
  started: ofWorker,
  failed: ofWorker,
  retired: ofWorker,
  died: ofWorker,
};

function expectedFor(request: Request): Expected {
  switch (request.command) {
    case 'status':
      return { done: record({ status: statusReport }) };
    case 'restart':
      return {
        done: record({ worker: record(workerName) }),
        news: { started: record({ worker: record(workerName) }), ...failedStart },
      };
    case 'cancel':
      return { done: record({ worker: orNull(record(workerName)) }), news: { cancelling: nothing } };
    case 'stop':
      return { done: record({ pid: anyPid }), news: { stopping: record({ pid: anyPid }) } };
    case 'reconfigure': {
      const done = request.check ? record({ changes: changeReport }) : record({ worker: record(workerName) });
      return { done, news: { 'in force': nothing, withdrawn: nothing, waiting: nothing, ...failedStart } };
    }
    case 'upgrade':
      return { done: record({ upgraded: record({ from: imageName, to: imageName }) }) };
    case 'reopen logs':
      return { done: record({}) };
    case 'follow':
      return { done: record({}), news: events };
  }
}

function orNull<T>(reader: Reader<T>): Reader<T | null> {
  return (value, at) => (value === null ? null : reader(value, at));
}

/** Undefined where the line is no answer to this request; `unknown` where it tells what only a newer superdaemon knows. */
export function parseAnswer(line: string, request: Request): Answer | 'unknown' | undefined {
  const found = objectIn(line);
  if (found === undefined) return undefined;
  const reader = readerFor(found, expectedFor(request));
  if (typeof reader !== 'function') return reader;
  try {
    reader(found, 'answer');
    return found as unknown as Answer; // with all of its members: what was read is without the unknown ones
  } catch (error) {
    if (error instanceof Misshapen) return undefined;
    throw error;
  }
}

function readerFor(
  { ok, progress, event }: Readonly<Record<string, unknown>>,
  { done, news = {} }: Expected,
): Reader<unknown> | 'unknown' | undefined {
  if (typeof ok === 'boolean') return ok ? done : refusal;
  const told = progress ?? event;
  if (typeof told !== 'string') return undefined;
  return Object.hasOwn(news, told) ? news[told] : 'unknown';
}
