/** `--restart`: tells a running superdaemon to replace its worker, and waits until it has. */
import { controlMessages } from '../core/control-messages.js';
import { exitCodes } from '../core/exit-codes.js';
import { generationsIn, isReplaced } from '../core/generations.js';
import { StarterError } from '../core/starter-error.js';
import { wait } from '../system/process.js';
import { readStatusFile } from '../system/status-file.js';
import { attempt } from './attempt.js';
import { findSuperdaemon, type Superdaemon } from './find-superdaemon.js';

/** The status file is looked at every ten milliseconds, where the original slept a second. */
const step = 10;

/** How many steps the status file may be missing; a superdaemon that ends removes it shortly before it is gone. */
const missingSteps = 100;

/**
 * Gives the exit code when one generation newer than all before is the only one left, however many were skipped on the
 * way. That there is nothing to restart, or that the superdaemon ends meanwhile, is a StarterError.
 */
export async function restart(pidFile: string, statusFile: string): Promise<number> {
  const superdaemon = await findSuperdaemon(pidFile, 'r');
  const before = readGenerations(statusFile);
  if (before.length === 0) {
    throw new StarterError({ message: controlMessages.nothingActive(), exitCode: exitCodes.unable.code });
  }
  attempt(
    () => {
      superdaemon.process.signal('HUP');
    },
    (reason) => controlMessages.cannotSignal('HUP', reason),
  );
  await replacement(superdaemon, statusFile, before);
  return exitCodes.success.code;
}

function readGenerations(path: string): number[] {
  return generationsIn(
    attempt(
      () => readStatusFile(path),
      (reason) => controlMessages.cannotOpen(path, reason),
    ),
  );
}

/** A Go port writes its status file in place, line by line: only what is read twice in a row is believed. */
async function replacement(superdaemon: Superdaemon, path: string, before: readonly number[]): Promise<void> {
  let missing = 0;
  for (let complete = 0; complete < 2;) {
    await wait(step);
    try {
      complete = isReplaced(before, readGenerations(path)) ? complete + 1 : 0;
      missing = 0;
    } catch (error) {
      complete = 0;
      missing += 1;
      if (missing > missingSteps) throw error;
    }
    // Only after the look: what was read while it lived, it has written.
    if (hasEnded(superdaemon)) throw endedMeanwhile(superdaemon);
  }
}

function hasEnded({ process: itself, file }: Superdaemon): boolean {
  return !itself.isAlive() || file.isFree();
}

function endedMeanwhile({ process: itself }: Superdaemon): StarterError {
  return new StarterError({ message: controlMessages.endedMeanwhile(itself.pid), exitCode: exitCodes.usage.code });
}
