/** `--stop`: tells a running superdaemon to end, and waits until it has. */
import type { Reach, StopFiles } from '../core/command-line/control-command.js';
import { controlMessages } from '../core/text/control-messages.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { StarterError } from '../core/text/starter-error.js';
import { OtherProcess, sendSignal, wait } from '../system/processes/process.js';
import { FormerHolders } from '../system/sockets/former-holders.js';
import { TimeLimit } from '../system/loop/time-limit.js';
import { waitedForBy } from '../system/processes/waited-for.js';
import { attempt, type ExitCodeOf } from '../service/attempt.js';
import { carryOut, type ControlClient } from './control-client.js';
import { findSuperdaemon, type Superdaemon } from '../service/find-superdaemon.js';
import { formerWorkersAt, tellLeft } from './former-workers.js';
import { noneRunsFor } from './none-runs.js';
import { statusOf } from './show-status.js';

/** Milliseconds between two looks. */
const pace = 10;

/** How many looks at first are a millisecond apart: most superdaemons have ended after them. */
const eagerLooks = 20;

/** Milliseconds for which a process may live on without its lock where a zombie cannot be told from a living process. */
const zombieTime = 1000;

/** How many steps a process may take to end once it has closed everything; a program with our library in it goes on. */
const lastSteps = 10;

/** After so many seconds we say which processes keep the superdaemon from its end. */
const patience = 5;

const kill = 9;

/** What it takes to reap a worker that was killed, on a machine that has much else to do. */
const secondsToNotice = 30;

type Say = (line: string) => void;

/** Finds the processes that are still waited for. */
type FindLeft = () => readonly number[] | Promise<readonly number[]>;

/** What both ways to stop it share. */
interface Wait {
  readonly limit: TimeLimit;
  readonly say: Say;
  /** To be called once the superdaemon is found, with its pid where it is known. */
  readonly found: (find: FindLeft, pid?: number) => void;
  /** To be called when the time is over: kills what is left, where that is asked for, and gives the time for its end. */
  readonly kill: () => Promise<TimeLimit | undefined>;
}

/**
 * Gives the exit code when the superdaemon is gone. The original returned when the lock was free, before the sockets were
 * removed, so that a new instance on the same paths lost its own. Throws a StarterError where the superdaemon cannot be
 * told, and when the time is over first.
 */
export async function stop(reach: Reach<StopFiles> & { readonly force?: boolean }, say: Say): Promise<number> {
  const force = reach.force === true;
  const limit = new TimeLimit(reach.timeout?.seconds ?? (force ? 0 : undefined));
  const reminder = new TimeLimit(patience);
  let findLeft: FindLeft = () => [];
  let former = reach.control === undefined ? undefined : await formerWorkersAt(reach.control);
  const found: Wait['found'] = (find, pid) => {
    findLeft = find;
    if (pid !== undefined) former = new FormerHolders(pid);
  };
  const killLeft = async (): Promise<TimeLimit | undefined> => (force ? killed(await findLeft(), say) : undefined);
  const wait: Wait = { limit, say, found, kill: killLeft };
  void reminder.within(new Promise<never>(() => undefined)).then(async () => {
    const left = await findLeft();
    if (left.length > 0 && !limit.isOver) say(controlMessages.stopIsSlow(left));
  });
  try {
    const isDone = await carryOut(
      reach,
      { command: 'stop' },
      {
        control: (client, path) => throughControl(client, path, wait),
        files: (files) => throughFiles(files, wait, noneRunsFor(reach)),
      },
    );
    if (isDone) {
      await tellLeft(former, say);
      return exitCodes.success.code;
    }
    const message = controlMessages.stopTimedOut(reach.timeout?.text ?? '', await findLeft());
    throw new StarterError({ message, exitCode: exitCodes.timeout.code });
  } finally {
    limit.clear();
    reminder.clear();
  }
}

async function throughFiles(
  { pidFile }: StopFiles,
  { limit, say, found, kill }: Wait,
  exitCodeOf: ExitCodeOf,
): Promise<boolean> {
  const superdaemon = await findSuperdaemon(pidFile, 'r+', exitCodeOf);
  found(() => waitedForBy(superdaemon.process.pid), superdaemon.process.pid);
  say(controlMessages.stopping(process.pid, superdaemon.process.pid));
  askToEnd(superdaemon);
  if (await end(superdaemon, limit)) return true;
  const more = await kill();
  return more !== undefined && end(superdaemon, more);
}

async function throughControl(
  client: ControlClient,
  control: string,
  { limit, say, found, kill }: Wait,
): Promise<boolean> {
  found(() => workersOf(control));
  let itself: OtherProcess | undefined;
  let time: TimeLimit = limit;
  for (;;) {
    const answer = await client.next(time);
    if (answer === undefined) {
      const more = time === limit ? await kill() : undefined;
      if (more === undefined) return false;
      time = more;
    } else if (!('progress' in answer)) break;
    else if (answer.progress === 'stopping') {
      itself = new OtherProcess(answer.pid);
      say(controlMessages.stopping(process.pid, answer.pid));
    }
  }
  await client.ended(time);
  for (let steps = 0; steps < lastSteps && itself?.isAlive() === true; steps += 1) await wait(pace);
  return true;
}

/** Kills them, tells which, and gives the time in which the superdaemon has to notice. */
function killed(pids: readonly number[], say: Say): TimeLimit {
  if (pids.length > 0) say(controlMessages.killing(pids));
  for (const pid of pids) sendSignal(pid, kill);
  return new TimeLimit(secondsToNotice);
}

/** As the superdaemon says, since it may live in another pid namespace; none where it does not answer at once. */
async function workersOf(control: string): Promise<number[]> {
  try {
    const { workers } = await statusOf({ control, files: undefined, timeout: { text: '1', seconds: 1 } });
    return workers.map(({ pid }) => pid);
  } catch (error) {
    if (error instanceof StarterError) return [];
    throw error;
  }
}

function askToEnd(superdaemon: Superdaemon): void {
  if (superdaemon.file.isFree()) return; // another --stop was a moment before us
  attempt(
    () => {
      try {
        superdaemon.process.signal('TERM');
      } catch (error) {
        if (!superdaemon.file.isFreeBesideLooks()) throw error; // otherwise it has ended at this very moment
      }
    },
    (reason) => controlMessages.cannotSignal('TERM', reason),
  );
}

/** Whether the superdaemon has ended before the time was over. */
async function end({ process: itself, file, line }: Superdaemon, limit: TimeLimit): Promise<boolean> {
  let unlocked = 0;
  for (let looks = 0; itself.isAlive(); looks += 1) {
    if (unlocked >= zombieTime) return true;
    if (limit.isOver) return false;
    const pause = looks < eagerLooks ? 1 : pace;
    await wait(pause);
    if (!itself.zombieIsTold && file.isFree()) unlocked += pause;
  }
  // A new instance that took over the same file holds the lock, too, and has written its own pid; a reader of the file who
  // waited for the lock has it now, for as long as he likes.
  while (!file.isFree() && file.firstLine() === line && !file.isHeldByOutsider()) {
    if (limit.isOver) return false;
    await wait(pace);
  }
  return true;
}
