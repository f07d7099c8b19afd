/** `--stop`: tells a running superdaemon to end, and waits until it has. */
import { controlMessages } from '../core/control-messages.js';
import { exitCodes } from '../core/exit-codes.js';
import { wait } from '../system/process.js';
import { attempt } from './attempt.js';
import { findSuperdaemon, type Superdaemon } from './find-superdaemon.js';

/** Milliseconds between two looks. */
const step = 10;

/** How many steps a process may live on without its lock where a zombie cannot be told from a living process. */
const zombieSteps = 100;

/**
 * Gives the exit code when the superdaemon is gone: the original returned when the lock was free, before the sockets
 * were removed, which a new instance on the same paths then lost. What keeps it from being signalled is a StarterError.
 */
export async function stop(pidFile: string, say: (line: string) => void): Promise<number> {
  const superdaemon = await findSuperdaemon(pidFile, 'r+');
  say(controlMessages.stopping(process.pid, superdaemon.process.pid));
  askToEnd(superdaemon);
  await end(superdaemon);
  return exitCodes.success.code;
}

function askToEnd(superdaemon: Superdaemon): void {
  if (superdaemon.file.isFree()) return; // another --stop was a moment before us
  attempt(
    () => {
      try {
        superdaemon.process.signal('TERM');
      } catch (error) {
        if (!superdaemon.file.isFree()) throw error; // else it has ended in this very moment
      }
    },
    (reason) => controlMessages.cannotSignal('TERM', reason),
  );
}

async function end({ process: itself, file, line }: Superdaemon): Promise<void> {
  for (let steps = 0; itself.isAlive(); steps += itself.zombieIsTold || !file.isFree() ? 0 : 1) {
    if (steps === zombieSteps) return;
    await wait(step);
  }
  // A new instance that took over the same file holds the lock, too, and has written its own pid.
  while (!file.isFree() && file.firstLine() === line) await wait(step);
}
