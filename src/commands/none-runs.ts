/** What a command ends with that finds no start_server. */
import type { Reach } from '../core/command-line/control-command.js';
import { exitCodes } from '../core/text/exit-codes.js';
import type { SystemError } from '../system/engine/addon.js';
import { errnoOf, type ExitCodeOf } from '../service/attempt.js';

/** Whether nobody is there: no socket or file, or a socket that nobody listens on any more. */
export function isAbsence({ code }: SystemError): boolean {
  return code === 'ENOENT' || code === 'ECONNREFUSED';
}

/** One code, however it shows that none runs. */
export const noneRuns: ExitCodeOf = (error) => (isAbsence(error) ? exitCodes.usage.code : errnoOf(error));

/** For a missing pid file the original ends with its errno, and so do the command lines that it knows. */
export function noneRunsFor({ control }: Reach<unknown>): ExitCodeOf {
  return control === undefined ? errnoOf : noneRuns;
}
