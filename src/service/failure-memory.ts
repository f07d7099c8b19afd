/** The last failure of a worker, with what it has said of it and what was found out, for whoever asks. */
import type { ProgramFacts } from '../core/workers/program-facts.js';
import type { State } from '../core/loop/state.js';
import { failureReport, type FailureReport } from '../core/report/status-report.js';
import type { Step } from '../core/loop/step.js';
import type { Event } from '../core/loop/types.js';
import { failureIn, type WorkerFailure } from '../core/loop/worker-failure.js';
import type { Output } from '../system/output/output.js';
import { signals } from '../system/engine/platform.js';
import { ProgramTrouble } from './program-trouble.js';
import { WorkerOutput } from './worker-output.js';

export interface Remembered {
  readonly report: FailureReport;
  /** When it was. */
  readonly at: number;
}

export class FailureMemory {
  readonly #output: WorkerOutput;
  readonly #trouble: ProgramTrouble;
  #last: Remembered | undefined;

  /** `output` is that of workers, `look` looks at the program. */
  constructor(output: Output, look: () => ProgramFacts, say: (line: string) => void) {
    this.#output = new WorkerOutput(output);
    this.#trouble = new ProgramTrouble(look, say);
  }

  get last(): Remembered | undefined {
    return this.#last;
  }

  /** Right before the fork of this generation. */
  begins(generation: number): void {
    this.#output.begins(generation);
  }

  /** A line that is not a worker's. */
  said(line: string): void {
    this.#output.said(line);
  }

  /** To be told of every decision when it has been carried out. */
  observe(before: State, event: Event, decision: Step): void {
    const failure = failureIn(before, event);
    this.#trouble.observe(before, event, decision, failure);
    if (failure === undefined) return;
    const report = failureReport(failure, signals.names);
    const output = this.#wordsOf(failure);
    this.#last = { report: output.length === 0 ? report : { ...report, output }, at: event.now };
  }

  #wordsOf({ type, generation }: WorkerFailure): string[] {
    if (type !== 'died') return [];
    return [...(this.#output.lastWords(generation) ?? []), ...this.#trouble.of(generation)];
  }
}
