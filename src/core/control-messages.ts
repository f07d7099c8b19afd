/**
 * What --restart and --stop say, with the original's words first where it has any, and behind a `;` the way out; each is
 * one line without its newline.
 */
import { quoted } from './quoted.js';

export const controlMessages = {
  cannotOpen: (path: string, reason: string) =>
    `failed to open file:${path}:${reason}; give the --pid-file and the --status-file of a start_server that runs`,
  stopping: (own: number, pid: number) => `stop_server (pid:${String(own)}) stopping now (pid:${String(pid)})...`,
  cannotSignal: (signal: 'HUP' | 'TERM', reason: string) =>
    `failed to send SIG${signal} to the server process:${reason}; be the user that it runs as, or start it if it has ended`,
  nothingActive: () =>
    'no active process found in the status file; wait for its first worker, or give the --status-file that it was given',

  /** `line` is the first line of the pid file. */
  notRunning: (path: string, line: string) =>
    `no superdaemon is running: file:${path} says ${quoted(line)}, but nobody holds its lock; ` +
    'remove it, or give the --pid-file of one that runs',
  notNamed: (path: string, line: string) =>
    `no superdaemon is running as ${quoted(line)}, which file:${path} says: somebody else holds its lock; ` +
    'try again, one may just be starting',
  endedMeanwhile: (pid: number) =>
    `the server process ${String(pid)} has ended before a new worker had taken over; look into its log, and start it again`,
} as const;
