import { exitCodes } from '../core/text/exit-codes.js';
import { failures } from '../core/text/failures.js';
import { StarterError } from '../core/text/starter-error.js';
import { runAsDaemon } from '../system/processes/daemon.js';
import { readInheritance } from '../system/processes/inheritance.js';
import { attempt } from '../service/attempt.js';

/** Runs the command as a daemon and gives the exit code of its start: 0 once the first worker is forked. */
export function daemonize(argv: readonly string[]): number {
  const code = attempt(
    () => runAsDaemon(argv, readInheritance()),
    (reason, stage) => failures.cannotDaemonize(stage, reason),
  );
  if (code !== undefined) return code;
  throw new StarterError({ message: failures.daemonKilled(), exitCode: exitCodes.internal.code });
}
