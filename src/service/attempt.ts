import { unsafeReasons } from '../core/text/failures.js';
import { StarterError } from '../core/text/starter-error.js';
import { addon, type SystemError } from '../system/engine/addon.js';
import { UnsafeFile } from '../system/files/safe-open.js';
import { isSystemError } from '../system/engine/system-error.js';

/** The message about what was refused. */
export type Wording = (reason: string, stage: string, code: string) => string;

/** The exit code for what the system refuses. */
export type ExitCodeOf = (error: SystemError) => number;

/** What Perl's `die` ends with. */
export const errnoOf: ExitCodeOf = ({ errno }) => Math.abs(errno);

/** Turns what the system refuses into a StarterError; `wording` gets the reason, the stage that failed and the code. */
export function attempt<T>(action: () => T, wording: Wording, exitCodeOf = errnoOf): T {
  try {
    return action();
  } catch (error) {
    throw refused(error, wording, exitCodeOf);
  }
}

/** The error as it is thrown: a StarterError for what the system refused. */
export function refused(error: unknown, wording: Wording, exitCodeOf = errnoOf): unknown {
  if (!isSystemError(error)) return error;
  const message = wording(reasonOf(error), error.syscall, error.code);
  return new StarterError({ message, exitCode: exitCodeOf(error) }, error);
}

/** Why something was refused, in the system's words where it has any. */
export function reasonOf(error: SystemError): string {
  return error instanceof UnsafeFile ? unsafeReasons[error.kind] : addon.strerror(error.errno);
}
