import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { eventually } from '../eventually.js';
import { StatusRun } from './status-run.js';
import { Run, type RunOptions } from './starter.js';

export interface Said {
  readonly code: number | null;
  readonly stderr: string;
}

/** Starts a superdaemon with the pid file `pid` and the status file `st`, and waits until its first worker is accepted. */
export async function serving(
  t: Test,
  words: readonly string[] = [],
  { options = [], ...how }: RunOptions & { options?: readonly string[] } = {},
): Promise<StatusRun> {
  const run = new StatusRun(t, ['--pid-file=pid', '--interval=0', ...options], words, how);
  await eventually('the status file', () => existsSync(run.path), { seen: () => run.stderr });
  return run;
}

/** Starts `--restart` or `--stop` for the files `pid` and `st` of a directory. */
export function command(t: Test, name: 'restart' | 'stop', cwd: string, how: RunOptions = {}): Run {
  return new Run(t, [`--${name}`, '--pid-file=pid', '--status-file=st'], { cwd, ...how });
}

/** What such a command says, its own pid as `OWN`. */
export async function saidBy(run: Run): Promise<Said> {
  const { code } = await run.ended();
  const stderr = run.stderr.replace(`stop_server (pid:${String(run.pid)})`, 'stop_server (pid:OWN)');
  return { code, stderr: stderr + (run.stdout === '' ? '' : `\nstdout: ${run.stdout}`) };
}

/**
 * Starts a process that locks the file `pid` of a directory, writes `says` there (`PID` stands for its own pid), and stays
 * until the end of the test, even after a TERM if it is told to ignore that. `under`: words before its command. Gives
 * its pid.
 */
export async function holder(
  t: Test,
  cwd: string,
  says: string,
  { ignored = '', under = [] }: { ignored?: string; under?: readonly string[] } = {},
): Promise<number> {
  const lock = 'exec 9<>"$1"; flock 9; echo "$2" | sed "s/PID/$$/" >"$1"; echo locked; exec sleep 99';
  const script = ignored === '' ? lock : `trap '' ${ignored}; ${lock}`;
  const words = [...under, 'sh', '-c', script, 'sh', join(cwd, 'pid'), says];
  const child = spawn('env', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child.pid ?? NaN;
}

/** The pid of a process that nothing should end before the end of the test. */
export function victim(t: Test): number {
  const child = spawn('sleep', ['99'], { stdio: 'ignore' });
  t.teardown(() => child.kill('SIGKILL'));
  return child.pid ?? NaN;
}
