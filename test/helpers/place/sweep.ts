import { readdirSync, readlinkSync } from 'node:fs';
import type { Test } from 'tap';
import { killQuietly } from '../processes/kill-quietly.js';
import { procFile } from '../processes/proc-file.js';

/** Swept at the exit, too: a test that runs out of time ends without its teardown. */
const homes = new Set<string>();
process.once('exit', () => {
  for (const home of homes) killAllOf(home);
});

/** Kills, at the end of the test, whatever was started with HOME being the directory: daemons and their loggers too. */
export function sweep(t: Test, home: string): void {
  homes.add(home);
  t.teardown(() => {
    killAllOf(home);
    homes.delete(home);
  });
}

/** Kills all processes that have the directory for HOME, or work in it, until there is none. */
export function killAllOf(home: string): void {
  for (let round = 0; round < 10; round += 1) {
    const found = processesOf(home);
    if (found.length === 0) return;
    for (const pid of found) killQuietly(pid);
  }
}

function processesOf(home: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.filter((pid) => belongsTo(pid, home)).map(Number);
}

function belongsTo(pid: string, home: string): boolean {
  try {
    if (readlinkSync(`/proc/${pid}/cwd`) === home) return true;
    return `\0${procFile(pid, 'environ')}`.includes(`\0HOME=${home}\0`);
  } catch {
    return false; // it has ended meanwhile, or is a zombie
  }
}
