import { existsSync, readlinkSync } from 'node:fs';
import { eventually } from '../eventually.js';
import { procFile } from '../processes/proc-file.js';
import { probe } from '../processes/probe.js';
import { isAlive } from '../running/starter.js';

/**
 * Waits until the superdaemon sleeps and each of its workers has started up. The original loses signals that come between
 * its look at the queue of signals and its wait, and those that a worker gets between its fork and its exec. `dumpOf`: the
 * file that a probe writes when it starts, if it does.
 */
export async function settled(
  superdaemon: number,
  workers: readonly number[],
  { seen, dumpOf = () => undefined }: { seen: () => string; dumpOf?: (pid: number) => string | undefined },
): Promise<void> {
  await eventually(
    `the rest of ${String(superdaemon)} and ${workers.join()}`,
    () => isAtRest(superdaemon) && workers.every((pid) => isUp(pid, superdaemon, dumpOf(pid))),
    { seen },
  );
}

/** Whether it sleeps for some milliseconds. That may be true for a while only: some superdaemons wake up every second. */
function isAtRest(pid: number): boolean {
  const before = restOf(pid);
  if (before === undefined) return false;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4);
  return restOf(pid) === before;
}

/** Something that stays the same while a process sleeps; undefined while it works. Stopped and gone count as sleep. */
function restOf(pid: number): string | undefined {
  if (!isAlive(pid)) return 'gone';
  const text = procFile(pid, 'status');
  const state = /^State:\t(\w)/m.exec(text)?.[1];
  if (state === 'T') return 'stopped';
  return state === 'S' ? /^voluntary_ctxt_switches:\t\d+/m.exec(text)?.[0] : undefined;
}

/** A probe has started when it has written its dump and sleeps, waiting for signals; another program when it sleeps. */
function isUp(pid: number, superdaemon: number, dump: string | undefined): boolean {
  if (!isAlive(pid)) return true;
  const program = programOf(pid);
  if (program === programOf(superdaemon)) return false;
  if (program === probe() && dump !== undefined && !existsSync(dump)) return false;
  return /^State:\t[ST]/m.test(procFile(pid, 'status'));
}

function programOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${String(pid)}/exe`);
  } catch {
    return ''; // it has ended meanwhile
  }
}
