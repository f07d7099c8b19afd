import type { Fault } from './faults.js';
import type { PidFileMessages } from './control-messages.js';
import { quoted } from './quoted.js';

/** Why nothing is taken over from a process. */
export const ownerFaults = {
  nobody: (): Fault => ({
    reason: 'there is no such process',
    remedy: 'give the process id, or the pid file, of one that serves',
  }),
  first: (): Fault => ({
    reason: 'that process has everything else end with it',
    remedy: 'give the process id, or the pid file, of the server alone',
  }),
  itself: (): Fault => ({ reason: 'it is this start_server', remedy: 'give the process id of the one before' }),
  /** Refused by the system, in its words. */
  denied: (reason: string): Fault => ({
    reason,
    remedy: 'be root or the user of its processes, on Linux 5.6 or later, and see kernel.yama.ptrace_scope',
  }),
  underWay: (): Fault => ({
    reason: 'another start_server takes over from it',
    remedy: 'leave it to that one, or end that one first',
  }),
  below: (pid: number, name: string): Fault => ({
    reason: `process ${String(pid)} (${quoted(name)}) above it has the socket as well`,
    remedy: 'give that one, which would start another process in its place',
  }),
  hasNone: (keys: readonly string[]): Fault => ({
    reason: `neither it nor what descends from it has ${keys.map(quoted).join(', ')}`,
    remedy: 'give --port and --path as it has them, which ss -ltunxp shows',
  }),
} as const;

/**
 * Why a pid file does not tell from whom to take over. Only a start_server locks its pid file; the one of nginx, for instance,
 * is as it should be and must not be removed.
 */
export const ownerFile: PidFileMessages = {
  cannotOpen: (path, reason) =>
    `failed to take over from the process of file:${path}:${reason}; give its id, or the pid file of a start_server`,
  notRunning: (path, line) => notHeld(path, line, 'nobody holds its lock'),
  notNamed: (path, line) => notHeld(path, line, 'somebody else holds its lock'),
  notTold: (path, line) => notHeld(path, line, 'the system does not tell who holds its lock'),
};

function notHeld(path: string, line: string, reason: string): string {
  return (
    `failed to take over from process ${quoted(line)}, which file:${path} says:${reason}; ` +
    'give the id of the process, since only a start_server can be told by its file'
  );
}
