import { execFileSync, spawnSync } from 'node:child_process';
import type { Test } from 'tap';
import { childrenOf } from '../processes/children-of.js';
import { eventually } from '../eventually.js';
import { procFile } from '../processes/proc-file.js';
import { LoggedRun } from './logged-run.js';

/** Why there is no namespace of processes here, for tap's `skip`; false where there is. */
export function withoutNamespace(): string | false {
  const nextPid = 'echo 500 >/proc/sys/kernel/ns_last_pid';
  const tried = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'sh', '-c', nextPid], { encoding: 'latin1' });
  return tried.status === 0 ? false : `no pid namespace whose next pid can be chosen: ${tried.stderr}`;
}

/** A start_server that is process 1 of a namespace, where the test chooses the next pid. Its log has the pids of inside. */
export class NamespaceRun extends LoggedRun {
  constructor(t: Test, args: readonly string[], cwd: string) {
    super(t, args, { cwd, under: ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'] });
  }

  /** Empty, since the pids in the log are not those by which the test process could signal the workers. */
  override get workers(): number[] {
    return [];
  }

  /** Its pid outside. */
  async first(): Promise<number> {
    return eventually('process 1', () => childrenOf(this.pid)[0], { seen: () => this.stderr });
  }

  /** The pid outside of the process that has this one inside. */
  async outside(inside: number): Promise<number> {
    const first = await this.first();
    return eventually(`process ${String(inside)}`, () => childrenOf(first).find((pid) => insideOf(pid) === inside));
  }

  /** The next process that is made in there gets this pid. */
  async nextPid(pid: number): Promise<void> {
    const enter = ['--target', String(await this.first()), '--pid', '--mount'];
    execFileSync('nsenter', [...enter, 'sh', '-c', `echo ${String(pid - 1)} >/proc/sys/kernel/ns_last_pid`]);
  }
}

function insideOf(pid: number): number {
  const status = procFile(pid, 'status');
  return Number(/^NSpid:.*\t(\d+)$/m.exec(status)?.[1]);
}
