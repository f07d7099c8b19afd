/** `--stop`: tells a running superdaemon to end, and waits until it has. */
import type { Reach, StopFiles } from '../core/command-line/control-command.js';
import type { Duration } from '../core/loop/types.js';
import { controlMessages } from '../core/text/control-messages.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { StarterError } from '../core/text/starter-error.js';
import { OtherProcess, sendSignal, wait } from '../system/processes/process.js';
import { FormerHolders } from '../system/sockets/former-holders.js';
import { isItsChild, isItself } from '../system/sockets/told-pids.js';
import { forSeconds, TimeLimit } from '../system/loop/time-limit.js';
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

/** What a superdaemon may take to answer, or to reap a worker that was killed, on a machine that has much else to do. */
const secondsToNotice = 30;

/** After so many seconds we look again who is left; longer than `zombieTime`. */
const secondsBetweenKills = 2;

type Say = (line: string) => void;

/** Finds the processes that are still waited for; undefined where nobody tells. */
type FindLeft = () => readonly number[] | Promise<readonly number[] | undefined>;

/** `unnoticed`: what was left was killed, and the time after that is over, too. */
type Outcome = 'ended' | 'unanswered' | 'late' | 'unnoticed';

/** What both ways to stop it share. */
interface Waiting {
  readonly limit: TimeLimit;
  /** How long the superdaemon may take to say that it has been told. */
  readonly timeToAnswer: TimeLimit;
  /** What is left when the time is over is killed. */
  readonly force: boolean;
  readonly say: Say;
  /** To be called once the superdaemon is found, with its pid where it is known. */
  readonly found: (find: FindLeft, pid?: number) => void;
}

/**
 * Gives the exit code when the superdaemon is gone. The original returned when the lock was free, before the sockets were
 * removed, so that a new instance on the same paths lost its own. Throws a StarterError where the superdaemon cannot be
 * told, and when the time is over first.
 */
export async function stop(reach: Reach<StopFiles> & { readonly force?: boolean }, say: Say): Promise<number> {
  const force = reach.force === true;
  const isAtOnce = force && reach.timeout === undefined;
  const limit = new TimeLimit(isAtOnce ? 0 : reach.timeout?.seconds);
  const timeToAnswer = isAtOnce ? new TimeLimit(secondsToNotice) : limit;
  const reminder = new TimeLimit(patience);
  let findLeft: FindLeft = () => [];
  let former = reach.control === undefined ? undefined : await formerWorkersAt(reach.control);
  const found: Waiting['found'] = (find, pid) => {
    findLeft = find;
    if (pid !== undefined) former = new FormerHolders(pid);
  };
  const waiting: Waiting = { limit, timeToAnswer, force, say, found };
  void reminder.within(new Promise<never>(() => undefined)).then(async () => {
    const left = await findLeft();
    if (left !== undefined && left.length > 0 && !limit.isOver) say(controlMessages.stopIsSlow(left));
  });
  try {
    const outcome = await carryOut(
      reach,
      { command: 'stop' },
      {
        control: (client, path) => throughControl(client, path, waiting),
        files: (files) => throughFiles(files, waiting, noneRunsFor(reach)),
      },
    );
    if (outcome !== 'ended') throw timedOut(await messageOn(outcome, reach.timeout, findLeft));
    await tellLeft(former, say);
    return exitCodes.success.code;
  } finally {
    limit.clear();
    timeToAnswer.clear();
    reminder.clear();
  }
}

async function messageOn(
  outcome: Exclude<Outcome, 'ended'>,
  timeout: Duration | undefined,
  findLeft: FindLeft,
): Promise<string> {
  switch (outcome) {
    case 'unanswered':
      return controlMessages.stopUnanswered(timeout?.text ?? String(secondsToNotice));
    case 'late':
      return controlMessages.stopTimedOut(timeout?.text ?? String(secondsToNotice), (await findLeft()) ?? []);
    case 'unnoticed':
      return controlMessages.killUnnoticed(String(secondsToNotice));
  }
}

function timedOut(message: string): StarterError {
  return new StarterError({ message, exitCode: exitCodes.timeout.code });
}

async function throughFiles({ pidFile }: StopFiles, waiting: Waiting, exitCodeOf: ExitCodeOf): Promise<Outcome> {
  const superdaemon = await findSuperdaemon(pidFile, 'r+', exitCodeOf);
  const findLeft = () => waitedForBy(superdaemon.process.pid);
  waiting.found(findLeft, superdaemon.process.pid);
  waiting.say(controlMessages.stopping(process.pid, superdaemon.process.pid));
  askToEnd(superdaemon);
  return endOf((limit) => end(superdaemon, limit), findLeft, waiting);
}

async function throughControl(client: ControlClient, control: string, waiting: Waiting): Promise<Outcome> {
  waiting.found(() => workersOf(control));
  const itself = await itselfTold(client, waiting.timeToAnswer);
  if (itself === undefined) return 'unanswered';
  waiting.say(controlMessages.stopping(process.pid, itself.pid));
  const outcome = await endOf(
    (limit) => hasAnswered(client, limit),
    async () => (await workersOf(control))?.filter((pid) => isItsChild(pid, itself.pid)),
    withinReach(itself, control, waiting),
  );
  if (outcome !== 'ended') return outcome;
  await forSeconds(secondsToNotice, (limit) => client.ended(limit));
  for (let steps = 0; steps < lastSteps && itself.isAlive(); steps += 1) await wait(pace);
  return outcome;
}

/** Nothing is killed by the numbers that processes have in another namespace: here they are others'. */
function withinReach(itself: OtherProcess, control: string, waiting: Waiting): Waiting {
  if (!waiting.force || isItself(itself.pid, control)) return waiting;
  waiting.say(controlMessages.killsNothing());
  return { ...waiting, force: false, limit: waiting.timeToAnswer };
}

/** It says so when it knows that it has to end. Nobody is killed before: another worker would be started. */
async function itselfTold(client: ControlClient, limit: TimeLimit): Promise<OtherProcess | undefined> {
  for (;;) {
    const answer = await client.next(limit);
    if (answer === undefined) return undefined;
    if ('progress' in answer && answer.progress === 'stopping') return new OtherProcess(answer.pid);
  }
}

async function hasAnswered(client: ControlClient, limit: TimeLimit): Promise<boolean> {
  for (;;) {
    const answer = await client.next(limit);
    if (answer === undefined) return false;
    if (!('progress' in answer)) return true;
  }
}

/**
 * Kills what is left when the time is over, where that is asked for, and gives the superdaemon more time to notice. It may have
 * seen a death before the signal that tells it to end, and have started another worker: that one is killed, too.
 */
async function endOf(
  hasEnded: (limit: TimeLimit) => Promise<boolean>,
  findLeft: FindLeft,
  { limit, force, say }: Waiting,
): Promise<Outcome> {
  if (await hasEnded(limit)) return 'ended';
  if (!force) return 'late';
  return forSeconds(secondsToNotice, async (more) => {
    const killed = new Set<number>();
    let outcome: Outcome = 'unanswered';
    while (!more.isOver) {
      const left = await findLeft();
      if (left !== undefined) outcome = 'unnoticed';
      killAll(left?.filter((pid) => !killed.has(pid)) ?? [], say);
      for (const pid of left ?? []) killed.add(pid);
      if (await forSeconds(secondsBetweenKills, hasEnded)) return 'ended';
    }
    return outcome;
  });
}

function killAll(pids: readonly number[], say: Say): void {
  if (pids.length > 0) say(controlMessages.killing(pids));
  for (const pid of pids) sendSignal(pid, kill);
}

/** As the superdaemon says, since it may live in another pid namespace; undefined where it does not answer at once. */
async function workersOf(control: string): Promise<number[] | undefined> {
  try {
    const { workers } = await statusOf({ control, files: undefined, timeout: { text: '1', seconds: 1 } });
    return workers.map(({ pid }) => pid);
  } catch (error) {
    if (error instanceof StarterError) return undefined;
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
