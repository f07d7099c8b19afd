import type { Priority } from '../core/text/priority.js';
import { StarterError } from '../core/text/starter-error.js';

/** Writes one line of the log; its priority is that of information unless another one is given. */
export type Say = (line: string, priority?: Priority) => void;

/** A trouble that lasts is told once, until another one or its end follows. */
export class Trouble {
  #told: string | undefined;

  /** `told`: the trouble that was told already. */
  constructor(
    private readonly say: Say,
    told?: string,
  ) {
    this.#told = told;
  }

  /** The trouble that was told last, and lasts. */
  get told(): string | undefined {
    return this.#told;
  }

  /** `trouble` is undefined where there is none at the moment. */
  tell(trouble: string | undefined): void {
    if (trouble !== undefined && trouble !== this.#told) this.say(trouble, 'warning');
    this.#told = trouble;
  }
}

/** For a failure without which a running service goes on. */
export function sayFailure(say: Say): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof StarterError)) throw error;
    say(error.message, 'error');
  };
}
