import { exitCodes } from '../core/exit-codes.js';
import { failures } from '../core/failures.js';
import { StarterError } from '../core/starter-error.js';
import { runAsDaemon } from '../system/daemon.js';
import { readInheritance } from '../system/inheritance.js';
import { attempt } from './attempt.js';

/** Runs the command as a daemon and gives the exit code of its start: 0 once the first worker is forked. */
export function daemonize(argv: readonly string[]): number {
  const code = attempt(
    () => runAsDaemon(argv, readInheritance()),
    (reason, stage) => failures.cannotDaemonize(stage, reason),
  );
  if (code !== undefined) return code;
  throw new StarterError({ message: failures.daemonKilled(), exitCode: exitCodes.internal.code });
}
