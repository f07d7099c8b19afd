/** What is really wrong with a program that cannot be executed: told once, and not each second. */
import { generationEvents } from '../core/loop/generation-events.js';
import { explanationOf, type ProgramFacts } from '../core/workers/program-facts.js';
import type { State } from '../core/loop/state.js';
import type { Step } from '../core/loop/step.js';
import type { Event } from '../core/loop/types.js';
import type { WorkerFailure } from '../core/loop/worker-failure.js';
import { tellOnce, type Say } from './say.js';

/** The wait status of exit code 255, with which a child ends that could not exec. */
const notExecuted = 255 << 8;

export class ProgramTrouble {
  readonly #tell: (trouble: string | undefined) => void;
  #latest: { readonly generation: number; readonly explanation: string } | undefined;

  constructor(
    private readonly look: (generation: number) => ProgramFacts,
    say: Say,
  ) {
    this.#tell = tellOnce(say);
  }

  /** To be told of every decision when it has been carried out, and what has failed with it. */
  observe(before: State, event: Event, decision: Step, failure: WorkerFailure | undefined): void {
    if (failure?.type === 'died' && failure.status === notExecuted) this.#explain(failure.generation);
    if (generationEvents(before, event, decision).some(({ type }) => type === 'started')) this.#tell(undefined);
  }

  /** The explanation of this generation's failure, if it was the last one and has any. */
  of(generation: number): readonly string[] {
    return this.#latest?.generation === generation ? [this.#latest.explanation] : [];
  }

  #explain(generation: number): void {
    const explanation = explanationOf(this.look(generation));
    this.#latest = explanation === undefined ? undefined : { generation, explanation };
    if (explanation !== undefined) this.#tell(explanation);
  }
}
