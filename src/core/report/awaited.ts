/** What a command waits for at the moment, and what is true when it has ended, for an operator at a terminal. */
import type { WaitingCommand } from '../command-line/control-command.js';
import { controlMessages } from '../text/control-messages.js';
import type { FollowedEvent } from './control-protocol.js';
import type { StatusReport, WorkerReport } from './status-report.js';

/** A superdaemon as it is at one moment, as far as it tells, or its files do. */
export type Sight = Pick<StatusReport, 'pid' | 'state' | 'next' | 'tried'> & {
  readonly workers: readonly SeenWorker[];
};

/** No file tells the generation of a worker on probation. */
export type SeenWorker = Omit<WorkerReport, 'generation'> & { readonly generation?: number };

/** All that was seen since the command was given. Times are monotonic milliseconds. */
export interface Seen {
  readonly command: WaitingCommand['type'];
  readonly begun: number;
  /** The last sight, and when that was; undefined before the first. */
  readonly sight: Sight | undefined;
  readonly at: number;
  /** The workers of the first sight. */
  readonly before: readonly number[];
  /** Those that ended since, and how, where that was told. */
  readonly endings: ReadonlyMap<number, string>;
  /** Those that ended on probation. */
  readonly failed: ReadonlySet<number>;
  /** What has been waited for since when. */
  readonly awaited: { readonly what: string; readonly since: number };
}

/** A sentence, and behind it for how long that has been so. */
export interface Awaited {
  readonly what: string;
  /** `, 8 s` or, where it will be so for a known time, `, 2 s of 5`. */
  readonly time: string;
}

/** A superdaemon that has not answered for so many milliseconds is told of. */
const patience = 3000;

const noneYet = 'waiting for a new worker';

/** After so many milliseconds, and so many failures, there is a hint. */
const calm = 5000;
const mostFailures = 2;

export function nothingSeen(command: WaitingCommand['type'], now: number): Seen {
  const awaited = { what: '', since: now };
  return { command, begun: now, sight: undefined, at: now, before: [], endings: new Map(), failed: new Set(), awaited };
}

/** After another look; `sight` is undefined where nobody has answered. */
export function looked(seen: Seen, sight: Sight | undefined, now: number): Seen {
  // Another superdaemon may have taken the place of one that was stopped.
  const isAnother = seen.sight !== undefined && sight !== undefined && sight.pid !== seen.sight.pid;
  const next = sight === undefined || isAnother ? seen : withSight(seen, sight, now);
  const { what } = sentenceOn(next, now);
  return what === next.awaited.what ? next : { ...next, awaited: { what, since: now } };
}

function withSight(seen: Seen, sight: Sight, now: number): Seen {
  const pids = sight.workers.map(pidOf);
  const wereStarting = seen.sight?.workers.filter(({ state }) => state === 'starting') ?? [];
  const failed = wereStarting.map(pidOf).filter((pid) => !pids.includes(pid));
  const before = seen.sight === undefined ? pids : seen.before;
  return { ...seen, sight, at: now, before, failed: new Set([...seen.failed, ...failed]) };
}

/** After an event of a superdaemon that tells them. */
export function heard(seen: Seen, { event, pid, ending, waitStatus }: FollowedEvent): Seen {
  if (event !== 'died' && event !== 'failed') return seen;
  const endings = new Map(seen.endings).set(pid, endedAs(ending, waitStatus));
  return { ...seen, endings, failed: event === 'failed' ? new Set([...seen.failed, pid]) : seen.failed };
}

function endedAs(ending = 'unknown', waitStatus?: number): string {
  const isExit = waitStatus !== undefined && (waitStatus & 0x7f) === 0;
  return isExit ? `ended with ${String((waitStatus >> 8) & 0xff)}` : `was ${ending}`;
}

export function awaited(seen: Seen, now: number): Awaited {
  const { what, age, left } = sentenceOn(seen, now);
  const begun = age === undefined ? seen.awaited.since : seen.at - age * 1000;
  const seconds = Math.max(0, Math.floor((now - begun) / 1000));
  const whole = left === undefined ? undefined : Math.round((seen.at + left * 1000 - begun) / 1000);
  return { what, time: `, ${String(seconds)} s${whole === undefined ? '' : ` of ${String(whole)}`}` };
}

/** `age`: seconds for which that was so at the time of the sight, where it tells; `left`: for how many it will be so. */
interface Sentence {
  readonly what: string;
  readonly age?: number | undefined;
  readonly left?: number | undefined;
}

function sentenceOn({ command, sight, at, failed }: Seen, now: number): Sentence {
  if (sight === undefined) return { what: 'waiting for start_server' };
  const itself = `start_server (pid ${String(sight.pid)})`;
  if (now - at > patience) return { what: `${itself} does not answer` };
  const living = sight.workers.filter(isLiving);
  if (command === 'stop' || sight.state === 'stopping')
    return { what: living.length === 0 ? `${itself} is ending` : `waiting for ${named('worker', living)}` };
  if (command === 'upgrade') return { what: `${itself} becomes the version that is installed now` };
  return onRestart(sight, living, failed.size);
}

function onRestart(sight: Sight, living: readonly SeenWorker[], failed: number): Sentence {
  const left = sight.next?.left;
  const starting = living.find(({ state }) => state === 'starting');
  if (starting !== undefined) return { what: `${ofGeneration(starting)} ${probation(sight)}`, age: starting.age, left };
  const current = living.find(({ state }) => state === 'current');
  const others = living.filter((one) => one !== current);
  if (sight.state === 'waiting') return { what: `${failures(failed)}, the next one is due`, left };
  if (sight.state === 'delaying' && current !== undefined)
    return { what: `${ofGeneration(current)} serves, and old ${named('worker', others)} beside it`, left };
  if (others.length === 0) return { what: noneYet };
  const given = givenUp(sight, current, others);
  if (given.length > 0) return { what: `waiting for the end of new ${named('worker', given)}` };
  return { what: `waiting for old ${named('worker', others)}` };
}

/** Who has to end without having taken the place of anybody. */
function givenUp(
  { state }: Sight,
  current: SeenWorker | undefined,
  others: readonly SeenWorker[],
): readonly SeenWorker[] {
  if (state === 'starting') return others.slice(-1);
  return others.filter(({ generation = 0 }) => current?.generation !== undefined && generation > current.generation);
}

function failures(count: number): string {
  if (count < 2) return 'a new worker has failed';
  return `${String(count)} new workers have failed`;
}

function probation({ next, tried }: Sight): string {
  if (next?.after === 'readiness') return 'is not ready yet';
  return tried === undefined ? 'on probation' : 'on trial';
}

function ofGeneration({ generation, pid }: SeenWorker): string {
  return generation === undefined
    ? `new worker ${String(pid)}`
    : `generation ${String(generation)}: worker ${String(pid)}`;
}

function named(noun: string, workers: readonly SeenWorker[]): string {
  return `${noun}${workers.length === 1 ? '' : 's'} ${workers.map(({ pid }) => String(pid)).join(', ')}`;
}

function pidOf({ pid }: SeenWorker): number {
  return pid;
}

/** What may be of help to who waits for long, to be said once; undefined while that is not known yet. */
export function hintOn({ failed, begun, sight, awaited: { what, since } }: Seen, now: number): string | undefined {
  if (failed.size >= mostFailures && now - begun >= calm) return controlMessages.keepFailing(failed.size);
  // Only files tell no state: a worker that fails at once is gone before anybody looks.
  const isDark = sight !== undefined && sight.state === undefined && what === noneYet;
  return isDark && now - since >= calm ? controlMessages.noneSeen() : undefined;
}

/** What is true when the command has done what it was to do, by what was seen last. */
export function outcome(seen: Seen): string | undefined {
  const { command, sight, endings } = seen;
  if (sight === undefined) return undefined;
  const ended = endedSince(seen).map((pid) => `${String(pid)} ${endings.get(pid) ?? 'has ended'}`);
  const current = sight.workers.find(({ state }) => state === 'current');
  const truth = command === 'stop' ? `start_server (pid ${String(sight.pid)}) has ended` : serving(current);
  const told = command === 'reconfigure' ? `the new command line is in force: ${truth}` : truth;
  return [told, ...ended].join('; ');
}

/** Whether nobody has told yet how a worker has ended. */
export function isEndUntold(seen: Seen): boolean {
  return endedSince(seen).some((pid) => !seen.endings.has(pid));
}

function endedSince({ command, sight, before }: Seen): readonly number[] {
  const left = new Set(command === 'stop' ? [] : (sight?.workers ?? []).filter(isLiving).map(pidOf));
  return before.filter((pid) => !left.has(pid));
}

function serving(current: SeenWorker | undefined): string {
  if (current === undefined) return 'no worker serves';
  const { generation, pid } = current;
  return `${generation === undefined ? '' : `generation ${String(generation)}, `}worker ${String(pid)}, serves`;
}

function isLiving({ state }: SeenWorker): boolean {
  return state !== 'gone';
}
