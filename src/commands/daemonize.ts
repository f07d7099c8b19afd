import { exitCodes } from '../core/exit-codes.js';
import { StarterError } from '../core/starter-error.js';
import { runAsDaemon } from '../system/daemon.js';
import { readInheritance } from '../system/inheritance.js';
import { attempt } from './attempt.js';

/** Runs the command as a daemon and gives the exit code of its start: 0 once the first worker is forked. */
export function daemonize(argv: readonly string[]): number {
  const code = attempt(
    () => runAsDaemon(argv, readInheritance()),
    (reason, stage) => `failed to daemonize: ${stage}: ${reason}`,
  );
  if (code !== undefined) return code;
  const message = 'the daemon was killed before it had started a worker; its log may tell more';
  throw new StarterError({ message, exitCode: exitCodes.internal.code });
}
