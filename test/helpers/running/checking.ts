/** `--check` of a command line, beside a real start of the same one. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { failing } from './first-worker.js';
import { Run, type RunOptions } from './starter.js';

export interface Checked {
  readonly code: number | null;
  readonly stdout: string;
  /** Without warnings. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

export async function checked(t: Test, words: readonly string[], how: RunOptions): Promise<Checked> {
  const run = new Run(t, ['--check', ...words], how);
  const { code } = await run.ended();
  const isWarning = (line: string) => line.startsWith('warning: ');
  const lines = run.lines.map(withoutPids);
  return {
    code,
    stdout: run.stdout,
    faults: lines.filter((line) => !isWarning(line)),
    warnings: lines.filter(isWarning),
  };
}

/** What a start says, and ends with: one whose program fails gives up at once. */
export async function startRefused(t: Test, words: readonly string[], how: RunOptions) {
  const { code, stderr } = await failing(t, ['--max-failures=1', '--interval=0', ...words], how);
  return { code, lines: stderr.split('\n').map(withoutPids) };
}

/** Up to the remedy, which a worker, for instance, does not say. */
export function essenceOf(line: string): string {
  return line.split(/;|(?<=file:\S+): /, 1)[0] ?? '';
}

/** The draft of a status file has the pid of its process in its name. */
function withoutPids(line: string): string {
  return line.replace(/(temporary file:\S+|rename \S+)\.\d+/, '$1.PID');
}

/** Everything below a directory, with what tells of any change: inode, size, mode, owner and times. */
export function snapshot(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'latin1' });
  return ['', ...names].sort().map((name) => {
    const { ino, size, mode, nlink, uid, gid, mtimeNs, ctimeNs } = lstatSync(join(directory, name), { bigint: true });
    return [name, ino, size, mode, nlink, uid, gid, mtimeNs, ctimeNs].map(String).join(' ');
  });
}
