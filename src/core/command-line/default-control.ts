import { commandNameOf } from './control-command.js';
import type { Options } from './option-table.js';

/** The variable that says where a command finds a running start_server. A running one ignores it. */
export const controlVariable = 'START_SERVER_CONTROL';

/** `control` is used by a command that asks a running one for something and is told neither a socket nor a pid file. */
export function withDefaultControl(options: Options, control: string | undefined): Options {
  const isForRunning = commandNameOf(options) !== undefined;
  const isTold = options.control !== undefined || options.pidFile !== undefined;
  return !isForRunning || isTold || control === undefined || control === '' ? options : { ...options, control };
}
