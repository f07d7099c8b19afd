/**
 * What --restart and --stop say, with the original's words first where it has any, and behind a `;` the way out; each is
 * one line without its newline.
 */
import { quoted } from './quoted.js';

const anotherUser = 'be the user that it runs as, or root';

export const controlMessages = {
  /** `code` is that of the error. */
  cannotOpen: (path: string, reason: string, code: string) =>
    `failed to open file:${path}:${reason}; ` +
    (code === 'EACCES' ? anotherUser : 'give that of a start_server that runs'),
  stopping: (own: number, pid: number) => `stop_server (pid:${String(own)}) stopping now (pid:${String(pid)})...`,
  cannotSignal: (signal: 'HUP' | 'TERM', reason: string) =>
    `failed to send SIG${signal} to the server process:${reason}; be the user that it runs as, or start it if it has ended`,
  nothingActive: () =>
    'no active process found in the status file; wait for its first worker, or give the --status-file that it was given',

  /** `line` is the first line of the pid file. */
  notRunning: (path: string, line: string) =>
    `no superdaemon is running: file:${path} says ${quoted(line)}, but nobody holds its lock; ` +
    'start it again, or give the --pid-file of one that runs',
  notNamed: (path: string, line: string) =>
    `no superdaemon is running as ${quoted(line)}, which file:${path} says: somebody else holds its lock; ` +
    'try again, one may just be starting, or use --control for one in another pid namespace',
  notTold: (path: string, line: string) =>
    `no superdaemon is known to run as ${quoted(line)}, which file:${path} says: the system does not tell whether that ` +
    'process holds its lock, it may be one of another pid namespace; use --control, which needs no pid',
  endedMeanwhile: (pid: number) =>
    `the server process ${String(pid)} has ended before a new worker had taken over; look into its log, and start it again`,
  restartTimedOut: (seconds: string) =>
    `no new worker has taken over within ${seconds} secs; see which workers are left with --show-status, and look into the log`,
  olderWorkersLeft: (seconds: string) =>
    `the new worker serves, but older ones have not ended within ${seconds} secs; see which are left with --show-status`,
  /** `pids`: the workers that are left, as far as they are known. */
  stopTimedOut: (seconds: string, pids: readonly number[]) =>
    `the server process has not ended within ${seconds} secs` +
    (pids.length === 0 ? '; see which workers are left with --show-status' : `, ${stillThere(pids)}; ${wayOut(pids)}`),
  /** Nobody knows whether it has been told to end. */
  stopUnanswered: (seconds: string) =>
    `the server process has not answered within ${seconds} secs, and no worker was killed; ` +
    'see whether it is suspended, or too busy: it ends as soon as it goes on',
  killUnnoticed: (seconds: string) =>
    `the server process has not ended within ${seconds} secs after its workers were killed; ` +
    'see whether it is suspended, or too busy: it ends as soon as it goes on',
  killing: (pids: readonly number[]) =>
    `killing what has not ended: ${pids.map(String).join(', ')}; what it was answering is cut off`,
  killsNothing: () =>
    'no worker is killed, since start_server runs where processes have other numbers (another pid namespace) or as another user; ' +
    'give --stop --force there',
  stopIsSlow: (pids: readonly number[]) => `${stillThere(pids)}, and is waited for; ${wayOut(pids)}`,
  /** `pids`: processes that workers have left behind. */
  workersOutlive: (pids: readonly number[]) =>
    `warning: processes that a worker has left serve on:${pids.join(',')}; ` +
    `end them by kill ${pids.join(' ')}, and put exec before the program in the shell that starts it, or give the start --process-group`,
  statusTimedOut: (seconds: string) =>
    `the server process has not answered within ${seconds} secs; see whether it is suspended, or too busy`,

  // What a control socket is asked for, and what it says.
  cannotConnect: (path: string, reason: string, code: string) =>
    `failed to connect to control socket:${path}:${reason}; ${connectRemedies[code] ?? 'give another --control'}`,
  notControl: (path: string) => `what answers at ${path} is no start_server; give the --control of one that runs`,
  noAnswer: () => 'start_server has ended before it had answered; look into its log, and start it again',
  /** `failure` is the generation, the pid and the wait status in words. */
  failedStart: (failure: string) => `a new worker has failed to start: ${failure}; another one is tried`,
  /** Follows `failedStart` when the same failure has come again. */
  failedAlike: (count: number) =>
    `the same has happened ${count === 1 ? 'once' : `${String(count)} times`} more; repair the program`,
  /** A hint for who waits at a terminal. */
  keepFailing: (count: number) =>
    `${String(count)} new workers have failed so far, and start_server goes on trying; ` +
    'look into its log, and repair the program, put the old one back, or give it up by --cancel',
  noneSeen: () =>
    'no new worker is to be seen, they may fail at once; look into the log of start_server, and start it with --control, which tells more',
  restartFailed: (failure: string, serves: boolean) =>
    `the restart has failed: ${failure}; ` +
    (serves
      ? 'the old worker still serves, repair the program and restart again'
      : 'nothing serves, repair the program and start it'),
  /** `failure` as above; undefined where none is known of. */
  serverEnded: (failure: string | undefined) =>
    `the server ended before a new worker had started${failure === undefined ? '' : `: ${failure}`}; look at what the program has said`,
  serverStopped: () => 'the server ended before a new worker had started: it was told to end; start another one',
  noStart: () => 'no worker was started any more',
  failedUntilTimeout: (seconds: string, failure: string) =>
    `no new worker has started well within ${seconds} secs, the last one: ${failure}; ` +
    'start_server goes on trying, repair the program',
  badRequest: () => 'this is no request; send one line of JSON such as {"command":"status"}',
  longRequest: (bytes: number) => `a request has ${String(bytes)} bytes at most; send one line of JSON`,
  lateRequest: (seconds: number) => `no request within ${String(seconds)} secs; send one line of JSON, then wait`,
  foreignUser: (uid: number) =>
    `user ${String(uid)} may not control this start_server; be the user that it runs as, or root`,
  tooManyFollowers: (count: number) => `${String(count)} clients follow, as many as may be; try again later`,
  displaced: (count: number) =>
    `${String(count)} clients that came later wait for the same; it was asked for, see what became of it with --show-status`,
  slowToAsk: (count: number) =>
    `${String(count)} clients that came later have not asked either; send the request right after connecting`,
  isStarting: () => 'start_server is just opening its sockets; try again in a moment',
  isTakingOver: () => 'sockets are still being taken over from another process; try again when that one has ended',
  isReconfiguring: () => 'another reconfiguration is under way; wait until it is decided, and try again',
  /** `failure` as above. */
  reconfigureFailed: (failure: string, serves: boolean) =>
    `the new command line has failed: ${failure}; the one before stays in force, ` +
    (serves ? 'and its worker serves; repair the new one, or its program' : 'though none of its workers serves'),
  withdrawn: () => 'the new command line was taken back before it was in force; nothing has changed',
  reconfigureTimedOut: (seconds: string) =>
    `no worker of the new command line has taken over within ${seconds} secs, and the one before stays in force; ` +
    'give it more time, or look into the log',
  oldWorkersLeft: (seconds: string) =>
    `the new command line is in force, but workers of the one before have not ended within ${seconds} secs; ` +
    'see which are left with --show-status',
  reconfigureUnanswered: (seconds: string) =>
    `the server process has not answered within ${seconds} secs; see with --show-status which command line is in force`,
  upgradeRefused: (reason: string) => `the upgrade was refused: ${reason}; everything goes on as before`,
  upgradeTimedOut: (seconds: string) =>
    `the upgrade was not over within ${seconds} secs; look into the log, which tells how it ended`,
  cannotUpgradeProgram: () =>
    'this start_server is a part of another program, which alone can replace itself; restart that program',
  /** To who has waited for a restart, or for another command line. */
  restartCancelled: () => 'the restart was cancelled; who served before serves on, restart again when all is repaired',
  reconfigureCancelled: () => 'the new command line was cancelled before it was in force; nothing has changed',
  nothingToCancel: () => 'nothing is cancelled: no restart is under way; see with --show-status what is',
  noWayBack: () =>
    'nothing is cancelled: no other worker serves that could go on; wait for the new one, or end all with --stop',
  cancelTimedOut: (seconds: string) =>
    `the restart is cancelled, but its worker has not ended within ${seconds} secs; see which are left with --show-status`,
  cancelUnanswered: (seconds: string) =>
    `the server process has not answered within ${seconds} secs; ` +
    'see whether it is suspended, or too busy: when it goes on, it cancels what is under way then',
  isStopping: () => 'start_server is about to end; start it again',
} as const;

const noneIsThere = 'no start_server is running there: start it, or give the --control of one that runs';

/** The remedy for each code of node's errors. */
const connectRemedies: Readonly<Record<string, string>> = {
  ENOENT: noneIsThere,
  ECONNREFUSED: noneIsThere,
  EACCES: anotherUser,
};

function stillThere(pids: readonly number[]): string {
  return `${pids.length === 1 ? 'worker' : 'each of workers'} ${pids.join(',')} has not ended yet`;
}

function wayOut(pids: readonly number[]): string {
  return `end ${pids.length === 1 ? 'it' : 'them'} by kill -KILL ${pids.join(' ')}, or give the start --stop-timeout=SECONDS`;
}

/** Why a pid file names nobody that could be asked. */
export type PidFileMessages = Pick<typeof controlMessages, 'cannotOpen' | 'notRunning' | 'notNamed' | 'notTold'>;
