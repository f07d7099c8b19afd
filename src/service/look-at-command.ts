/** The program of a command line, before it is started for the first time. */
import type { StartCommand } from '../core/command-line/command.js';
import { messages } from '../core/loop/messages.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { StarterError } from '../core/text/starter-error.js';
import { explanationOf } from '../core/workers/program-facts.js';
import { lookAtDirectory } from '../system/files/look-at-place.js';
import { lookAtProgram } from '../system/processes/look-at-program.js';
import { attempt } from './attempt.js';
import type { Findings } from './findings.js';
import type { WorkerEnvironment } from './worker-environment.js';

/** With these no command fails: its workers do, one after the other, until --max-failures is reached; or the one that is tried. */
export const failedWorkers = {
  ofStart: exitCodes.nothingServes.code,
  ofCandidate: exitCodes.failedStart.code,
} as const;

/** Finds what would keep every worker from beginning, for which a command would end with `exitCode`. */
export async function lookAtCommand(
  { program: [word], directory }: StartCommand,
  environment: WorkerEnvironment,
  findings: Findings,
  exitCode: number,
): Promise<void> {
  const isThere = await findings.part(() => {
    if (directory !== undefined) enter(directory, exitCode);
    return true;
  });
  const isBelow = word.includes('/') && !word.startsWith('/');
  if (isBelow && isThere !== true) return; // nothing more to say
  await findings.part(() => {
    const message = explanationOf(lookAtProgram(word, environment.besideWorkers, directory));
    if (message !== undefined) throw new StarterError({ message, exitCode });
  });
}

/** As a worker would. */
function enter(directory: string, exitCode: number): void {
  attempt(
    () => {
      lookAtDirectory(directory);
    },
    (reason) => messages.directoryRefused(directory, reason),
    () => exitCode,
  );
}
