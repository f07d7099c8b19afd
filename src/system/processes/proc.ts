/** proc(5), and whether the numbers in it are pids as this process knows them. */
import { readFileSync, readlinkSync } from 'node:fs';
import { isExhaustion } from '../engine/system-error.js';

let found: { readonly directory: string | undefined } | undefined;

/**
 * The directory of a proc(5) whose numbers are pids as kill(2) takes them. Undefined where none is mounted, and in a pid
 * namespace that was made without mounting it anew (`unshare --pid --fork`): there /proc/42 is not the process with the
 * pid 42. Whatever is read of a process by its pid has to be read from here. /proc/self is always this process.
 */
export function procOfOurPids(): string | undefined {
  found ??= look('/proc');
  return found?.directory;
}

/** Undefined where that cannot be told now, for want of a descriptor. */
function look(directory: string): typeof found {
  try {
    const isOurs = countsAs(readFileSync(`${directory}/self/status`, 'latin1'), process.pid);
    return { directory: isOurs ? directory : undefined };
  } catch (error) {
    if (isExhaustion(error)) return undefined;
    return { directory: undefined }; // not mounted, or for a namespace in which this process is not
  }
}

/**
 * The pid, for kill(2), of a process that has this number in a table of /proc; undefined where we cannot know it, or the
 * process is in another pid namespace.
 */
export function pidInProc(number: number): number | undefined {
  if (procOfOurPids() !== undefined) return number;
  try {
    const isBeside = readlinkSync(`/proc/${String(number)}/ns/pid`) === readlinkSync('/proc/self/ns/pid');
    return isBeside ? pidsIn(readFileSync(`/proc/${String(number)}/status`, 'latin1')).at(-1) : undefined;
  } catch {
    return undefined; // another user's, or it has ended
  }
}

/** Whether /proc/self/status is that of a process with this pid in the very namespace that /proc was mounted for. */
export function countsAs(status: string, pid: number): boolean {
  const pids = pidsIn(status);
  return pids.length === 1 && pids[0] === pid;
}

/** A pid for each pid namespace, from that of the mount down to the process's own; before Linux 4.1 only the first. */
function pidsIn(status: string): number[] {
  const [, numbers = ''] = /^NSpid:(.*)$/m.exec(status) ?? /^Pid:(.*)$/m.exec(status) ?? [];
  return Array.from(numbers.matchAll(/\d+/g), ([digits]) => Number(digits));
}
