/** What was found wrong with a command line before anything of it was done: all of it, in the order in which a start meets it. */
import { messages } from '../core/loop/messages.js';
import { StarterError } from '../core/text/starter-error.js';
import { AddressInUse } from './address-in-use.js';
import type { Say } from './say.js';

export class Findings {
  readonly #faults: StarterError[] = [];
  readonly #warnings: string[] = [];

  /** Looks at one part: what it throws is a fault, and the next part is looked at all the same. */
  async part<T>(look: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await look();
    } catch (error) {
      const fault = faultOf(error);
      // Where open files run out, for instance, each socket meets the same.
      if (!this.#faults.some(({ message }) => message === fault.message)) this.#faults.push(fault);
      return undefined;
    }
  }

  /** What is thrown here a start would only tell, and go on. */
  borne(look: () => void): void {
    try {
      look();
    } catch (error) {
      this.#warnings.push(messages.onlyTold(faultOf(error).message));
    }
  }

  /** Of the lines of a start only the warnings count: the others say what it does. */
  readonly say: Say = (line, priority) => {
    if (priority === 'warning') this.#warnings.push(line);
  };

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** One error with all faults, that ends as the first one would; undefined where there is none. */
  get failure(): StarterError | undefined {
    const [first, ...others] = this.#faults;
    if (first === undefined) return undefined;
    const { message, exitCode } = first;
    const details = [...first.details, ...others.flatMap((one) => [one.message, ...one.details])];
    return new StarterError({ message, exitCode }, first, details);
  }
}

/** Whatever else is thrown is a defect. */
function faultOf(error: unknown): StarterError {
  if (error instanceof AddressInUse) return error.failure;
  if (error instanceof StarterError) return error;
  throw error;
}
