import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Test } from 'tap';
import { eventually } from '../eventually.js';
import { probe } from '../processes/probe.js';
import { Run, type Outcome, type RunOptions } from './starter.js';
import { workspace } from '../place/workspace.js';

/** An option by which old workers stay until they are killed: the probe does not leave because of USR2. */
export const lingering = '--signal-on-hup=USR2';

/** Options with which a stop leaves workers alone until they are killed. */
export const staying = ['--signal-on-term=USR2', '--stop-timeout=100'] as const;

/** A superdaemon with the status file `st` and probes, in a directory of its own. */
export class StatusRun extends Run {
  readonly directory: string;
  readonly path: string;

  constructor(t: Test, options: readonly string[], words: readonly string[] = [], how: RunOptions = {}, path = 'st') {
    const cwd = workspace(t);
    super(t, [`--status-file=${path}`, ...options, '--', probe(), ...words], { cwd, ...how });
    this.directory = cwd;
    this.path = resolve(cwd, path);
  }

  /** The content with workers named, `1:W1 2:W2`, or undefined while there is no file. */
  get status(): string | undefined {
    const text = this.#read();
    if (text === undefined) return undefined;
    const lines = text.split('\n');
    if (lines.pop() !== '') throw new Error('the last line is not complete');
    return lines
      .map((line) => line.replace(/:(\d+)$/, (_, pid: string) => `:W${String(this.workers.indexOf(Number(pid)) + 1)}`))
      .join(' ');
  }

  #read(): string | undefined {
    try {
      return readFileSync(this.path, 'latin1');
    } catch {
      return undefined; // there is none, perhaps since a moment ago
    }
  }

  async says(expected: string | undefined): Promise<void> {
    const seen = () => `${String(this.status)}\n${this.stderr}`;
    await eventually(`the status ${String(expected)}`, () => this.status === expected, { seen });
  }

  /** Asks for a new worker and waits until it is there. */
  async reload(): Promise<void> {
    const count = this.workers.length + 1;
    this.signal('SIGHUP');
    await this.sees(/^starting new worker/, count);
    await this.sees(/^killing old workers/, count - 1);
  }

  /**
   * Ends it where its worker of this number stays at TERM. A worker that is killed before that has a successor, which the test
   * may not know of when it ends.
   */
  async endKilling(number: number): Promise<Outcome> {
    this.signal('SIGTERM');
    await this.sees(/^received TERM/);
    this.kill(number);
    return this.ended();
  }

  kill(worker: number): void {
    process.kill(this.workers[worker - 1] ?? NaN, 'SIGKILL');
  }
}
