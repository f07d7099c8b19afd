/** The last failure of a worker, with what the worker has said and what was found out about it, for whoever asks. */
import type { ProgramFacts } from '../core/workers/program-facts.js';
import type { FailuresPart } from '../core/handover/workers-part.js';
import type { State } from '../core/loop/state.js';
import { failureReport, type FailureReport } from '../core/report/status-report.js';
import type { Step } from '../core/loop/step.js';
import type { Event } from '../core/loop/types.js';
import { failureIn, type WorkerFailure } from '../core/loop/worker-failure.js';
import { signals } from '../system/engine/platform.js';
import type { Say } from './say.js';
import { ProgramTrouble } from './program-trouble.js';
import type { WorkerOutput } from './worker-output.js';

export interface Remembered {
  readonly report: FailureReport;
  /** When it happened. */
  readonly at: number;
}

export class FailureMemory {
  readonly #trouble: ProgramTrouble;
  #last: Remembered | undefined;

  /** `look` looks at the program that this generation was to run; the last parameter is what the image before has remembered. */
  constructor(
    private readonly output: WorkerOutput,
    look: (generation: number) => ProgramFacts,
    say: Say,
    { last, ...trouble }: FailuresPart = {},
  ) {
    this.#trouble = new ProgramTrouble(look, say, trouble);
    this.#last = last;
  }

  handOver(): FailuresPart {
    return { ...(this.#last === undefined ? {} : { last: this.#last }), ...this.#trouble.handOver() };
  }

  get last(): Remembered | undefined {
    return this.#last;
  }

  /** To be told of every decision when it has been carried out. */
  observe(before: State, event: Event, decision: Step): void {
    const failure = failureIn(before, event);
    this.#trouble.observe(before, decision, failure);
    if (failure === undefined) return;
    const report = failureReport(failure, signals.names);
    const output = this.#wordsOf(failure);
    this.#last = { report: output.length === 0 ? report : { ...report, output }, at: event.now };
  }

  #wordsOf({ type, generation }: WorkerFailure): string[] {
    if (type !== 'died') return [];
    return [...(this.output.lastWords(generation) ?? []), ...this.#trouble.of(generation)];
  }
}
