/** The processes for whose end another start_server, of any make, is waiting. */
import { readdirSync, readlinkSync } from 'node:fs';
import { statOf } from './process.js';

/** Its living children without its logger, which ends after it; none where there is no /proc, or they are hidden. */
export function waitedForBy(superdaemon: number): number[] {
  const log = targetOf(superdaemon, 2);
  return pids().filter((pid) => {
    const stat = statOf(pid);
    const isChild = stat?.parent === superdaemon && !/[ZX]/.test(stat.state);
    return isChild && (log === undefined || targetOf(pid, 0) !== log);
  });
}

function pids(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** The name of a pipe, the same at its two ends and nowhere else; undefined for anything but a pipe. */
function targetOf(pid: number, descriptor: number): string | undefined {
  try {
    const target = readlinkSync(`/proc/${String(pid)}/fd/${String(descriptor)}`);
    return target.startsWith('pipe:') ? target : undefined;
  } catch {
    return undefined; // gone, or another user's
  }
}
