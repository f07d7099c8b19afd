import { StarterError } from '../core/text/starter-error.js';

/** Writes one line of the log. */
export type Say = (line: string) => void;

/** For what fails while a service runs, and goes on without it. */
export function sayFailure(say: Say): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof StarterError)) throw error;
    say(error.message);
  };
}

/** Tells a trouble that lasts once, until another one or its end follows; undefined where there is none at the moment. */
export function tellOnce(say: Say): (trouble: string | undefined) => void {
  let told: string | undefined;
  return (trouble) => {
    if (trouble !== undefined && trouble !== told) say(trouble);
    told = trouble;
  };
}
