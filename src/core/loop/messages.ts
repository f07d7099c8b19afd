/**
 * Every line an operator sees while a superdaemon runs, in the original's words, to which failures add the way out; each
 * is written with one write(2) and ends with a newline that the writer adds.
 */
import { quoted } from '../text/quoted.js';
import type { Duration, Signal, Worker } from './types.js';
import { longestText, mostTexts } from './worker-words.js';

export const messages = {
  startingNow: (pid: number) => `start_server (pid:${String(pid)}) starting now...`,
  descriptorAssigned: (number: string) => `socket is duplicated to file descriptor ${number}`,
  removingSocketFile: (path: string) => `removing existing socket file:${path}`,

  pidFileReplaced: (path: string, pid: number, uid: number) =>
    `warning: process ${String(pid)} holds the lock of file:${path}, which its user ${String(uid)} may only read; ` +
    'a new file takes its place, and that lock does no harm any more',

  endingLeftWorkers: (signal: Signal, pids: readonly number[]) =>
    `a start_server before this one was killed, sending ${signal.name} to its workers:${pids.join(',')}`,

  takingFromLeftWorkers: (signal: Signal, pids: readonly number[]) =>
    `a start_server before this one was killed, taking over the sockets of its workers:${pids.join(',')}; ` +
    `they get ${signal.name} when a new one is running`,
  leftWorkersKeep: (reason: string) =>
    `the sockets that a start_server before this one has left cannot be taken over while they are served: ${reason}; ` +
    'be root or the user of its workers, on Linux 5.6 or later, and see kernel.yama.ptrace_scope',
  tellingLeftWorkers: (signal: Signal, pids: readonly number[]) =>
    `new worker is now running, sending ${signal.name} to the workers that were left:${pids.join(',')}`,
  takingOver: (pid: number, name: string, keys: readonly string[]) =>
    `taking over from process ${String(pid)} (${quoted(name)}): ${keys.map(quoted).join(', ')}`,
  notTakenOver: (pid: number, keys: readonly string[]) =>
    `process ${String(pid)} does not have ${keys.map(quoted).join(', ')}, opened anew`,
  sharedAddress: (key: string, count: number) =>
    `warning: ${String(count)} sockets share the address of ${quoted(key)} (SO_REUSEPORT), and one can be taken over; ` +
    'connections that wait in the others when their processes end are lost',
  tellingOwner: (signal: Signal, pid: number, name: string) =>
    `new worker is now running, sending ${signal.name} to process ${String(pid)} (${quoted(name)}), which had the sockets before`,
  ownerEnded: (pid: number, name: string) =>
    `process ${String(pid)} (${quoted(name)}), which had the sockets before, has ended`,
  cannotSignal: (pid: number, reason: string) =>
    `process ${String(pid)} cannot be told to end: ${reason}; it serves on beside the new worker, end it yourself`,
  fileMayGo: (path: string, reason: string) =>
    `warning: the file of ${quoted(path)} has no second name: ${reason}; ` +
    'if the process that made it removes it at its end, start start_server anew',

  startingWorker: (pid: number) => `starting new worker ${String(pid)}`,
  forkFailed: (reason: string) =>
    `fork(2) failed:${reason}; it is tried again, raise the limit of processes if it goes on failing`,
  failedToStart: (pid: number, status: number) =>
    `new worker ${String(pid)} seems to have failed to start, exit status:${String(status)}`,
  diedUnexpectedly: (pid: number, status: number) =>
    `worker ${String(pid)} died unexpectedly with status:${String(status)}, restarting`,
  oldWorkerDied: (pid: number, status: number) => `old worker ${String(pid)} died, status:${String(status)}`,
  workerDied: (pid: number, status: number) => `worker ${String(pid)} died, status:${String(status)}`,

  workerReady: (pid: number) => `new worker ${String(pid)} is ready`,
  workerSaid: (pid: number, text: string) => `worker ${String(pid)} says: ${text}`,
  textsLeftOut: (pid: number) =>
    `worker ${String(pid)} says too much, some of it is left out from here on: ` +
    `${String(mostTexts)} texts, then one a second, of ${String(longestText)} bytes each`,
  notReady: (pid: number, timeout: Duration, signal: Signal) =>
    `new worker ${String(pid)} is not ready after ${timeout.text} secs, sending ${signal.name}`,
  notEnded: (pid: number, timeout: Duration, signal: Signal) =>
    `worker ${String(pid)} has not ended ${timeout.text} secs after ${signal.name}, sending KILL`,
  restartGivenUp: (failures: number, pid: number) =>
    `giving up the restart after ${failedStarts(failures)}, worker ${String(pid)} goes on`,
  cancelling: (pid: number, signal: Signal) =>
    `the restart is cancelled, sending ${signal.name} to new worker ${String(pid)}`,
  cancelled: (pid: number) => `the restart is cancelled, worker ${String(pid)} goes on`,
  queueCancelled: () => 'the next restart, which was asked for already, is cancelled',
  nothingServes: (failures: number) => `giving up after ${failedStarts(failures)}, nothing serves`,

  receivedHup: () => 'received HUP, spawning a new worker',
  autoRestart: (interval: Duration) => `autorestart triggered (interval=${interval.text})`,
  forcedAutoRestart: (interval: Duration) => `autorestart triggered (forced, interval=${interval.text})`,
  newWorkerRunning: (signal: Signal, old: readonly Worker[]) =>
    `new worker is now running, sending ${signal.name} to old workers:${pidList(old)}`,
  delayingKill: (delay: Duration) => `sleeping ${delay.text} secs before killing old workers`,
  killingOldWorkers: () => 'killing old workers',

  stopping: (received: string, signal: Signal, workers: readonly Worker[]) =>
    `received ${received}, sending ${signal.name} to all workers:${pidList(workers)}`,
  logRefused: (path: string, reason: string) =>
    `failed to open log file:${path}: ${reason}; let this user write to it, in a directory that exists`,
  logReopened: () => 'received USR1, log file opened again',
  loggerDied: (pid: number, status: number) =>
    `logger ${String(pid)} died unexpectedly with status:${String(status)}, restarting`,
  unlinkFailed: (path: string, reason: string) =>
    `failed to unlink file:${path}:${reason}; remove it if it is still there`,
  /** `stage` is the system call that failed. */
  statusFailed: (stage: string, temporary: string, path: string, reason: string) =>
    stage === 'rename'
      ? `failed to rename ${temporary} to ${path}:${reason}; give a --status-file that is a file, or not there yet`
      : `failed to ${stage === 'write' ? 'write' : 'create'} temporary file:${temporary}:${reason}; ` +
        'let this user write to the directory of the --status-file, and see that it exists and has room',

  /** By `--check`, of what a start would say and go on with. */
  onlyTold: (line: string) => `warning: ${line}`,

  /** A worker says the first half of it itself. */
  directoryRefused: (dir: string, reason: string) =>
    `failed to chdir:${dir}:${reason}; give a --dir that is there, and that this user may enter`,

  // Follows a worker's own "failed to exec PROGRAM:REASON", in which the reason is often not the true one.
  programIsOneWord: (word: string) =>
    `the program cannot be executed: ${quoted(word)} is one word with a blank in it; give its words apart, ` +
    `as in start_server [options] -- ${word}`,
  programIsEmpty: () =>
    'the program cannot be executed: "" is empty, as a variable that is not set is; give a program behind --',
  programMissing: (word: string, dir: string | undefined) =>
    `the program cannot be executed: there is no ${quoted(word)}${dir === undefined ? '' : ` in --dir ${quoted(dir)}`}; ` +
    'put it there, or give its path',
  programNotAlong: (word: string, path: string) =>
    `the program cannot be executed: ${quoted(word)} is in no directory of PATH, ${quoted(path)}; give its path`,
  programIsDirectory: (path: string) =>
    `the program cannot be executed: ${quoted(path)} is a directory; give a program in it`,
  programNotExecutable: (path: string) =>
    `the program cannot be executed: this user may not execute ${quoted(path)}; chmod +x it, or look at how its disk is mounted`,
  interpreterUnnamed: (path: string) =>
    `the program cannot be executed: the first line of ${quoted(path)} names no interpreter behind #!; write it there, as in #!/bin/sh`,
  interpreterMissing: (path: string, interpreter: string) =>
    `the program cannot be executed: the first line of ${quoted(path)} names the interpreter ${quoted(interpreter)}, ` +
    'which is not there; install it, or name another one',
  carriageReturns: (path: string, interpreter: string) =>
    `the program cannot be executed: the first line of ${quoted(path)} names the interpreter ${quoted(interpreter)}, ` +
    String.raw`which is not there; its lines end as on Windows, take each "\r" away, as dos2unix does`,
  interpreterNotExecutable: (path: string, interpreter: string) =>
    `the program cannot be executed: the first line of ${quoted(path)} names the interpreter ${quoted(interpreter)}, ` +
    'which this user may not execute; name a program',
  loaderMissing: (path: string, loader: string) =>
    `the program cannot be executed: ${quoted(path)} needs the loader ${quoted(loader)}, which is not there; ` +
    'build it for this system, or install that library',

  envdirUnread: (path: string, reason: string) =>
    `warning: nothing is taken from ${quoted(path)} of --envdir: ${reason}; ` +
    'make it readable for this user, it is looked at again before each start',

  openDirectory: (directory: string, options: readonly string[]) =>
    `warning: other users may write to ${quoted(directory)} and replace the file of ${options.join(', ')}; ` +
    'take that right from them, let root or this user own it, or give another directory',

  managerUnreachable: (socket: string, reason: string) =>
    `warning: systemd cannot be told what happens, nobody takes messages at NOTIFY_SOCKET ${quoted(socket)}: ${reason}; ` +
    'start this by systemd, or leave out --systemd',
  droppingSocket: (name: string) =>
    `no option names the socket ${quoted(name)} any more that systemd has kept, closing it`,

  exposedNotifySocket: () =>
    'warning: other users may write to the notify socket, no directory was found for it that is closed to them; ' +
    'let this user write to /run, /tmp or /dev/shm, or name a directory in RUNTIME_DIRECTORY',

  tryingCandidate: () => 'received a new command line, spawning a new worker',
  candidateForkFailed: (reason: string) =>
    `fork(2) failed:${reason}; raise the limit of processes, and try the new command line again`,
  candidateWithdrawn: (pid: number, signal: Signal) =>
    `the new command line is withdrawn, sending ${signal.name} to worker ${String(pid)}`,
  /** Names of sockets, as in SERVER_STARTER_PORT. */
  candidateAdopted: (added: readonly string[], kept: readonly string[], gone: readonly string[]) =>
    `the new command line is in force; sockets added: ${nameList(added)}; kept: ${nameList(kept)}; ` +
    `closed once the old workers have ended: ${nameList(gone)}`,
  listenersClosed: (names: readonly string[]) => `the old workers have ended, sockets closed: ${nameList(names)}`,
  candidateDropped: () => 'the new command line is dropped, the one before stays in force',

  upgraded: (from: ImageName, to: ImageName) => `upgraded from ${imageInWords(from)} to ${imageInWords(to)}`,
  upgradeRefused: (reason: string) =>
    `upgrade refused: ${reason}; everything goes on as before, put that right and ask for it again`,
  /** `pids`: processes of workers whose first process has ended. */
  workersOutlive: (pids: readonly number[]) =>
    `warning: processes that a worker has left serve on:${pids.join(',')}; end them, and put exec before the program in the ` +
    'shell that starts it, or give --process-group',

  exiting: () => 'exiting',
} as const;

/** One program that a superdaemon can be: the versions of this package and of node. */
export interface ImageName {
  readonly superdaemon: string;
  readonly node: string;
}

export function imageInWords({ superdaemon, node }: ImageName): string {
  return `superdaemon ${superdaemon} on node ${node}`;
}

/** In the order in which the original lists and signals workers: by the text of their pids. */
export function byPidText(workers: readonly Worker[]): Worker[] {
  return byText(workers, ({ pid }) => pid);
}

/** In the order in which the original writes them to its status file: by the text of their generations. */
export function byGenerationText(workers: readonly Worker[]): Worker[] {
  return byText(workers, ({ generation }) => generation);
}

/**
 * No two workers have the same number. The engine compares numbers as text by itself; a function that does so would be called
 * thousands of times where hundreds of old workers linger.
 */
function byText(workers: readonly Worker[], numberOf: (worker: Worker) => number): Worker[] {
  const byNumber = new Map(workers.map((worker) => [numberOf(worker), worker]));
  return [...byNumber.keys()].sort().flatMap((number) => byNumber.get(number) ?? []);
}

function failedStarts(count: number): string {
  return count === 1 ? '1 failed start' : `${String(count)} failed starts in a row`;
}

/** In the order of `byPidText`. */
function pidList(workers: readonly Worker[]): string {
  const pids = workers.map(({ pid }) => pid);
  return pids.sort().join(',') || 'none';
}

function nameList(names: readonly string[]): string {
  return names.join(', ') || 'none';
}
