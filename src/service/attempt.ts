import { StarterError } from '../core/text/starter-error.js';
import { addon, type SystemError } from '../system/engine/addon.js';
import { Planted } from '../system/files/safe-open.js';
import { isSystemError } from '../system/engine/system-error.js';

type Say = (reason: string, stage: string, code: string) => string;

/** The exit code for what the system refuses. */
export type ExitCodeOf = (error: SystemError) => number;

/** What Perl's `die` ends with. */
export const errnoOf: ExitCodeOf = ({ errno }) => Math.abs(errno);

/** Turns what the system refuses into a StarterError: `say` gets the reason, the stage that failed and the code. */
export function attempt<T>(action: () => T, say: Say, exitCodeOf = errnoOf): T {
  try {
    return action();
  } catch (error) {
    throw refused(error, say, exitCodeOf);
  }
}

/** The error as it is thrown: a StarterError for what the system refused. */
export function refused(error: unknown, say: Say, exitCodeOf = errnoOf): unknown {
  if (!isSystemError(error)) return error;
  const message = say(reasonOf(error), error.syscall, error.code);
  return new StarterError({ message, exitCode: exitCodeOf(error) }, error);
}

/** Why something was refused, in the system's words where it has any. */
export function reasonOf(error: SystemError): string {
  return error instanceof Planted ? error.reason : addon.strerror(error.errno);
}
