/** The exit code of a command that finds no start_server. */
import type { Reach } from '../core/command-line/control-command.js';
import { exitCodes } from '../core/text/exit-codes.js';
import type { SystemError } from '../system/engine/addon.js';
import { errnoOf, type ExitCodeOf } from '../service/attempt.js';

/** Whether nobody is there: no socket or file, or a socket that nobody listens on any more. */
export function isAbsence({ code }: SystemError): boolean {
  return code === 'ENOENT' || code === 'ECONNREFUSED';
}

/** The same code for every way in which it shows that none runs. */
export const noneRuns: ExitCodeOf = (error) => (isAbsence(error) ? exitCodes.usage.code : errnoOf(error));

/** For a missing pid file the original ends with the errno, and so does every command line that it knows. */
export function noneRunsFor({ control }: Reach<unknown>): ExitCodeOf {
  return control === undefined ? errnoOf : noneRuns;
}
