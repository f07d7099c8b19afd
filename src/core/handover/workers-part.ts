/** What is remembered of workers beside the decision, as it is handed over. */
import { eventCounters, failureReport } from '../report/answers.js';
import { flag, list, number, optional, pid, record, text, type Shaped } from '../report/shape.js';

/** Where the output of a generation begins in the log, and the lines in it that are no worker's. */
export const workerOutputPart = record({
  marks: list(record({ generation: number, file: text, size: number })),
  ours: list(text),
});
export type WorkerOutputPart = Shaped<typeof workerOutputPart>;

/** How much each worker has said. */
export const heardPart = list(record({ pid, isReady: flag, texts: number, at: number, isLeftOut: flag }));
export type HeardPart = Shaped<typeof heardPart>;

/** The last failure, and what was told of a program that cannot be executed. */
export const failuresPart = record({
  last: optional(record({ report: failureReport, at: number })),
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
  ...eventCounters,
  lastRestart: optional(record({ at: number, took: number })),
  since: optional(number),
});
export type CountersPart = Shaped<typeof countersPart>;
