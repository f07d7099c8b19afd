import type { FailureReport } from '../core/report/status-report.js';
import { text } from '../system/engine/bytes.js';
import { signals } from '../system/engine/platform.js';

/** How a worker has ended. */
export interface WorkerEnding {
  /** Undefined where a signal has killed it. */
  readonly exitCode: number | undefined;
  /** Its name, such as `SIGKILL`, or its number where it has none; undefined where the worker has ended by itself. */
  readonly signal: string | number | undefined;
  /** The lines of its output that may tell why it has failed; empty where there is no `logFile` to be read, or it was told to end. */
  readonly output: readonly string[];
}

/** `failure` is the last one; it counts where it is that of this generation. */
export function endingOf(status: number, generation: number, failure: FailureReport | undefined): WorkerEnding {
  const number = status & 127;
  const output = failure?.generation === generation ? (failure.output ?? []) : [];
  return {
    exitCode: number === 0 ? status >> 8 : undefined,
    signal: number === 0 ? undefined : nameOf(number),
    output: output.map(text),
  };
}

function nameOf(number: number): string | number {
  return Object.entries(signals.names).find(([, one]) => one === number)?.[0] ?? number;
}
