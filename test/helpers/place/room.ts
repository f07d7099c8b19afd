import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { eventually } from '../eventually.js';
import { killQuietly } from '../processes/kill-quietly.js';

/** Emptied at the exit, too: a test that runs out of time ends without its teardown. */
const rooms = new Set<string>();
process.once('exit', () => {
  for (const room of rooms) {
    killAllIn(room);
    rmSync(room, { recursive: true, force: true });
  }
});

/**
 * A directory of the test's own. At its end all processes that work in it or below are killed, orphans, daemons and
 * loggers among them, and it is removed.
 */
export function room(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'superdaemon-fault-'));
  rooms.add(directory);
  t.teardown(async () => {
    await eventually('the end of all processes', () => killAllIn(directory) === 0);
    rmSync(directory, { recursive: true, force: true });
    rooms.delete(directory);
  });
  return directory;
}

/** Kills them, and gives how many there were; zombies do not count. */
function killAllIn(directory: string): number {
  const pids = processesBelow(directory);
  for (const pid of pids) killQuietly(pid);
  return pids.length;
}

/** The pids of all processes that work in the directory or below. */
export function processesBelow(directory: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => `${workingDirectoryOf(pid)}/`.startsWith(`${directory}/`)).map(Number);
}

function workingDirectoryOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return ''; // it has ended, or is a zombie
  }
}
