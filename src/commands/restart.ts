/** `--restart`: tells a running superdaemon to replace its worker, and waits until it has, or knows that it will not. */
import type { Reach, RestartFiles } from '../core/command-line/control-command.js';
import { controlMessages } from '../core/text/control-messages.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { generationsIn, hasNewer, isReplaced } from '../core/report/status-format.js';
import { StarterError } from '../core/text/starter-error.js';
import type { FailureReport } from '../core/report/status-report.js';
import { failureInWords } from '../core/report/status-table.js';
import type { Duration } from '../core/loop/types.js';
import { wait } from '../system/processes/process.js';
import { readStatusFile } from '../system/files/status-file.js';
import { FormerHolders } from '../system/sockets/former-holders.js';
import { TimeLimit } from '../system/loop/time-limit.js';
import { attempt, type ExitCodeOf } from '../service/attempt.js';
import { carryOut, type ControlClient } from './control-client.js';
import { FailureTeller } from './failure-teller.js';
import { findSuperdaemon, type Superdaemon } from '../service/find-superdaemon.js';
import { formerWorkersAt, tellLeft } from './former-workers.js';
import { noneRunsFor } from './none-runs.js';

/** The status file is looked at every ten milliseconds, where the original slept a second. */
const pace = 10;

/** For how many looks the status file may be missing; a superdaemon that ends removes it shortly before it is gone. */
const mostMissing = 100;

/**
 * Gives the exit code when a new worker has started well and all that were there before are gone. Throws a StarterError
 * when there is nothing to restart, when the superdaemon gives up or ends meanwhile, and when the time is over. `say`
 * gets a line for each start that fails while it waits.
 */
export async function restart(reach: Reach<RestartFiles>, say: (line: string) => void): Promise<number> {
  const limit = new TimeLimit(reach.timeout?.seconds);
  let former = reach.control === undefined ? undefined : await formerWorkersAt(reach.control);
  const found = (superdaemon: Superdaemon) => (former = new FormerHolders(superdaemon.process.pid));
  try {
    await carryOut(
      reach,
      { command: 'restart', progress: true },
      {
        control: (client) => throughControl(client, reach.timeout, limit, say),
        files: (files) => throughFiles(files, reach.timeout, limit, noneRunsFor(reach), found),
      },
    );
    await tellLeft(former, say);
    return exitCodes.success.code;
  } finally {
    limit.clear();
  }
}

async function throughControl(
  client: ControlClient,
  timeout: Duration | undefined,
  limit: TimeLimit,
  say: (line: string) => void,
): Promise<void> {
  const failures = new FailureTeller(say);
  let started: number | undefined; // the generation that serves
  try {
    for (;;) {
      const answer = await client.next(limit);
      if (answer === undefined) {
        if (failures.last === undefined || started !== undefined) throw timedOut(timeout, started !== undefined);
        throw failedUntil(timeout, failures.last);
      }
      if (!('progress' in answer)) return;
      if (answer.progress === 'started') started = answer.worker.generation;
      if (answer.progress !== 'failed start') continue;
      failures.tell(answer.failure);
      if (answer.failure.generation === started) started = undefined;
    }
  } finally {
    failures.finish();
  }
}

/** Waits until the only generation left is newer than all that were there before; numbers between may be skipped. */
async function throughFiles(
  { pidFile, statusFile }: RestartFiles,
  timeout: Duration | undefined,
  limit: TimeLimit,
  exitCodeOf: ExitCodeOf,
  found: (superdaemon: Superdaemon) => void,
): Promise<void> {
  const superdaemon = await findSuperdaemon(pidFile, 'r', exitCodeOf);
  found(superdaemon);
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
  const outcome = await replacement(superdaemon, statusFile, before, limit);
  if (outcome !== 'complete') throw timedOut(timeout, outcome === 'started');
}

/** `serves`: the new worker, while older ones are left. */
function timedOut(timeout: Duration | undefined, serves: boolean): StarterError {
  const say = serves ? controlMessages.olderWorkersLeft : controlMessages.restartTimedOut;
  return new StarterError({ message: say(timeout?.text ?? ''), exitCode: exitCodes.timeout.code });
}

function failedUntil(timeout: Duration | undefined, last: FailureReport): StarterError {
  const message = controlMessages.failedUntilTimeout(timeout?.text ?? '', failureInWords(last));
  return new StarterError({ message, exitCode: exitCodes.failedStart.code });
}

function readGenerations(path: string): number[] {
  return generationsIn(
    attempt(
      () => readStatusFile(path),
      (reason, _, code) => controlMessages.cannotOpen(path, reason, code),
    ),
  );
}

/**
 * How far the restart has come when it is complete, or the time is over. A Go port writes its status file in place, line by
 * line, so only a content that is read twice in a row is believed to be complete.
 */
async function replacement(
  superdaemon: Superdaemon,
  path: string,
  before: readonly number[],
  limit: TimeLimit,
): Promise<'none started' | 'started' | 'complete'> {
  let missing = 0;
  let hasStarted = false;
  for (let complete = 0; complete < 2;) {
    if (limit.isOver) return hasStarted ? 'started' : 'none started';
    await wait(pace);
    try {
      const generations = readGenerations(path);
      hasStarted = hasNewer(before, generations);
      complete = isReplaced(before, generations) ? complete + 1 : 0;
      missing = 0;
    } catch (error) {
      complete = 0;
      missing += 1;
      if (missing > mostMissing) throw error;
    }
    // After the look: what was read while the superdaemon lived was written by it.
    if (hasEnded(superdaemon)) throw endedMeanwhile(superdaemon);
  }
  return 'complete';
}

function hasEnded({ process: itself, file }: Superdaemon): boolean {
  return !itself.isAlive() || file.isFree();
}

function endedMeanwhile({ process: itself }: Superdaemon): StarterError {
  return new StarterError({ message: controlMessages.endedMeanwhile(itself.pid), exitCode: exitCodes.usage.code });
}
