import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';

/** Why a file system of the test's own cannot be had, for tap's `skip`; false where it can. */
export function cannotMount(): string | false {
  if (process.getuid?.() !== 0) return 'only root can mount a file system';
  const tried = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { encoding: 'latin1' });
  return tried.status === 0 ? false : `no file system can be mounted here: ${tried.stderr}`;
}

/** A new directory on a file system of 64 KiB. */
export function tinyDisk(t: Test, directory: string): string {
  mkdirSync(directory);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', directory]);
  t.teardown(() => execFileSync('umount', ['-l', directory]));
  return directory;
}

/** Fills its disk until there is no room. */
export function fill(directory: string): void {
  try {
    writeFileSync(join(directory, 'filler'), Buffer.alloc(2 ** 20));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return;
    throw error;
  }
  throw new Error(`${directory} has more room than it should have`);
}
