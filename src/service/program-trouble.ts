/** What is really wrong with a program that cannot be executed. It is told once, and not at every failed start. */
import { startedIn } from '../core/loop/generation-events.js';
import { explanationOf, type ProgramFacts } from '../core/workers/program-facts.js';
import type { FailuresPart } from '../core/handover/workers-part.js';
import type { State } from '../core/loop/state.js';
import type { Step } from '../core/loop/step.js';
import type { WorkerFailure } from '../core/loop/worker-failure.js';
import { Trouble, type Say } from './say.js';

/** The wait status of exit code 255, with which a child ends that could not exec. */
const notExecuted = 255 << 8;

export class ProgramTrouble {
  readonly #trouble: Trouble;
  #latest: FailuresPart['latest'];

  constructor(
    private readonly look: (generation: number) => ProgramFacts,
    say: Say,
    { told, latest }: Pick<FailuresPart, 'told' | 'latest'> = {},
  ) {
    this.#trouble = new Trouble(say, told);
    this.#latest = latest;
  }

  handOver(): Pick<FailuresPart, 'told' | 'latest'> {
    const { told } = this.#trouble;
    const latest = this.#latest;
    return { ...(told === undefined ? {} : { told }), ...(latest === undefined ? {} : { latest }) };
  }

  /** To be told of every decision when it has been carried out, and of the failure in it. */
  observe(before: State, { state }: Step, failure: WorkerFailure | undefined): void {
    if (failure?.type === 'died' && failure.status === notExecuted) this.#explain(failure.generation);
    if (startedIn(before, state) !== undefined) this.#trouble.tell(undefined);
  }

  /** The explanation of this generation's failure, if it was the last one and has any. */
  of(generation: number): readonly string[] {
    return this.#latest?.generation === generation ? [this.#latest.explanation] : [];
  }

  #explain(generation: number): void {
    const explanation = explanationOf(this.look(generation));
    this.#latest = explanation === undefined ? undefined : { generation, explanation };
    if (explanation !== undefined) this.#trouble.tell(explanation);
  }
}
