import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { eventually } from '../eventually.js';
import { parseDump, probe, type ProbeDump } from '../processes/probe.js';
import { Run, type RunOptions } from './starter.js';
import { workspace } from '../place/workspace.js';

export interface Started {
  readonly run: Run;
  /** What the first worker was given. */
  readonly dump: ProbeDump;
}

/**
 * Starts a superdaemon that has the probe for its program, with an interval of 0. `options` come before the program,
 * `words` are further arguments of the program.
 */
export async function firstWorker(
  t: Test,
  options: readonly string[],
  { words = [], ...how }: RunOptions & { words?: readonly string[] } = {},
): Promise<Started> {
  const file = join(workspace(t), 'dump');
  const run = new Run(t, ['--interval=0', ...options, '--', probe(), '-o', file, ...words], how);
  await eventually('the first worker', () => existsSync(file), { seen: () => run.stderr });
  return { run, dump: parseDump(readFileSync(file, 'latin1')) };
}

/** The value of a variable in a dump; undefined where there is none. */
export function variable({ environ }: ProbeDump, name: string): string | undefined {
  return environ.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** The numbers of the worker's descriptors, lowest first, without those that this test process was started with. */
export function descriptors({ fds }: ProbeDump): number[] {
  return [...fds.keys()].filter((number) => number < 3 || !inherited.has(number));
}

/** The worker's sockets beyond the standard descriptors, as `NUMBER NAME`, lowest first. */
export function sockets({ fds }: ProbeDump): string[] {
  return [...fds]
    .filter(([number, { name }]) => number > 2 && !inherited.has(number) && name !== undefined)
    .map(([number, { name }]) => `${String(number)} ${String(name)}`);
}

/** Does not have what Node opens for itself: an exec closes that. */
const inherited = new Set(
  readdirSync('/proc/self/fd')
    .filter((number) => survivesExec(number))
    .map(Number),
);

function survivesExec(number: string): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${number}`, 'latin1'))?.[1] ?? '0';
    return (parseInt(flags, 8) & 0o2000000) === 0;
  } catch {
    return false; // the descriptor with which the directory was read
  }
}

/** Runs a command that ends by itself: its exit code and all it said, with its pid in the first line shown as `S`. */
export async function failing(
  t: Test,
  options: readonly string[],
  how: RunOptions = {},
): Promise<{ code: number | null; stderr: string; stdout: string }> {
  const run = new Run(t, options, how);
  const { code } = await run.ended();
  return { code, stderr: run.stderr.replace(`(pid:${String(run.pid)})`, '(pid:S)'), stdout: run.stdout };
}
