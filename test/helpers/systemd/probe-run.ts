import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { eventually } from '../eventually.js';
import { workspace } from '../place/workspace.js';
import { parseDump, probe, type ProbeDump } from '../processes/probe.js';
import { ManagedRun, type ManagedOptions } from './managed-run.js';

/** A run whose program is the probe, with an interval of 0. The probe fails to start while there is a file `broken`. */
export class ProbeRun extends ManagedRun {
  readonly cwd: string;

  constructor(t: Test, options: readonly string[] = [], how: ManagedOptions = {}) {
    const { cwd = workspace(t) } = how;
    super(t, ['--interval=0', ...options, '--', probe(), '-f', 'broken', '-o', 'dump%p'], { ...how, cwd });
    this.cwd = cwd;
  }

  break(): void {
    writeFileSync(join(this.cwd, 'broken'), '');
  }

  repair(): void {
    rmSync(join(this.cwd, 'broken'));
  }

  /** What the worker of this generation was given. */
  async dump(generation = 1): Promise<ProbeDump> {
    const [, pid = ''] = await this.sees(/^starting new worker (\d+)/, generation);
    const file = join(this.cwd, `dump${pid}`);
    return eventually(
      'the dump',
      () => {
        try {
          return parseDump(readFileSync(file, 'latin1'));
        } catch {
          return undefined; // not complete yet
        }
      },
      { seen: () => this.stderr },
    );
  }
}
