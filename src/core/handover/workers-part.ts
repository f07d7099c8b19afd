/** What is remembered of workers beside the decision, as it is handed over. */
import { flag, list, number, optional, pid, record, text, type Shaped } from './shape.js';

/** Where the output of a generation begins in the log, and the lines in it that are no worker's. */
export const workerOutputPart = record({
  marks: list(record({ generation: number, file: text, size: number })),
  ours: list(text),
});
export type WorkerOutputPart = Shaped<typeof workerOutputPart>;

/** How much each worker has said. */
export const heardPart = list(record({ pid, isReady: flag, texts: number, at: number, isLeftOut: flag }));
export type HeardPart = Shaped<typeof heardPart>;

export const failureReportPart = record({
  generation: number,
  pid: optional(pid),
  waitStatus: optional(number),
  ending: text,
  output: optional(list(text)),
});

/** The last failure, and what was told of a program that cannot be executed. */
export const failuresPart = record({
  last: optional(record({ report: failureReportPart, at: number })),
  told: optional(text),
  latest: optional(record({ generation: number, explanation: text })),
});
export type FailuresPart = Shaped<typeof failuresPart>;

/** Pids of workers, and of processes that have outlived their worker and were told of already. */
export const outlivingPart = record({ living: list(pid), told: list(pid) });
export type OutlivingPart = Shaped<typeof outlivingPart>;

/** Since the start; see core/report/counters.ts. */
export const countersPart = record({
  startedAt: number,
  failedStarts: number,
  unexpectedDeaths: number,
  forcedEnds: number,
  restarts: number,
  failedRestarts: number,
  upgrades: number,
  lastRestart: optional(record({ at: number, took: number })),
  since: optional(number),
});
export type CountersPart = Shaped<typeof countersPart>;
