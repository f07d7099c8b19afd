import type { Fault } from './failures.js';
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
