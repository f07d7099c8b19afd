/** Changing the command line of a superdaemon that `controlled` has started, and seeing what of it has changed. */
import { readdirSync } from 'node:fs';
import type { Test } from 'tap';
import type { StatusReport } from '../../../src/core/report/status-report.js';
import { descriptorsOf } from '../processes/processes.js';
import { probe } from '../processes/probe.js';
import { procFile } from '../processes/proc-file.js';
import { Talk } from './control-socket.js';
import { Run, type RunOptions } from './starter.js';
import type { StatusRun } from './status-run.js';

/** What `controlled` gives each command line. */
export const common = ['--status-file=st', '--pid-file=pid', '--interval=0', '--control=c'];

export interface Wanted extends RunOptions {
  /** Beside those that it has been started with. */
  readonly options?: readonly string[];
  /** Of the command itself, such as --timeout. */
  readonly how?: readonly string[];
  /** Instead of a probe with the words. */
  readonly program?: readonly string[];
}

/** Starts a `--reconfigure`. */
export function reconfiguring(t: Test, { directory }: StatusRun, words: readonly string[], wanted: Wanted = {}): Run {
  const { options = [], how = [], program = [probe(), ...words], ...run } = wanted;
  return new Run(t, ['--reconfigure', ...how, ...common, ...options, '--', ...program], { cwd: directory, ...run });
}

export async function statusOf(t: Test, run: StatusRun): Promise<StatusReport> {
  const [answer] = await new Talk(t, run.directory, { command: 'status' }).all();
  return answer?.['status'] as StatusReport;
}

/** What a reconfiguration that is refused leaves as it was: sockets, files, the command line and the worker. */
export async function standing(t: Test, run: StatusRun) {
  const { command, listeners, workers, state } = await statusOf(t, run);
  return {
    command,
    listeners,
    state,
    workers: workers.map(({ generation, pid, state: is }) => ({ generation, pid, is })),
    files: readdirSync(run.directory).sort(),
    listening: listeningIn(run.pid),
  };
}

/** The descriptors that accept connections; clients of the control socket come and go. */
function listeningIn(pid: number): string[] {
  const tables = ['tcp', 'unix'].map((name) => procFile(pid, `net/${name}`)).join('');
  const found = tables.matchAll(/^ *\d+: \S+ \S+ 0A (?:\S+ +){5}(\d+)|^\S+ \S+ \S+ 00010000 \S+ \S+ +(\d+)/gm);
  const inodes = new Set(Array.from(found, ([, tcp, unix]) => `socket:[${String(tcp ?? unix)}]`));
  return descriptorsOf(pid).filter((line) => inodes.has(line.split(' ')[1] ?? ''));
}
