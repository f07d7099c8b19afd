/**
 * What the tests of test/faults have in common. Each of them names a row of docs/differences.md and has to fail against
 * the original: SUPERDAEMON_FAULTS_AGAINST=original runs them against Perl's start_server, scripts/prove-faults.mjs
 * against both.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { eventually } from '../eventually.js';
import { parseDump, probe, type ProbeDump } from '../processes/probe.js';
import { room } from '../place/room.js';
import { procFile } from '../processes/proc-file.js';
import { isAlive, original, ours, Run, type Outcome, type RunOptions, type Starter } from './starter.js';
import { isSleeper } from './upgrades.js';

export const against: Starter = chosen(process.env['SUPERDAEMON_FAULTS_AGAINST'] ?? '');

export const success: Outcome = { code: 0, signal: null };

/** The outcome of a start that did not end by itself. */
export const workerStarted = 'it started a worker';

function chosen(name: string): Starter {
  const starter = name === '' ? ours : name === 'original' ? original() : undefined;
  if (starter === undefined) throw new Error(`SUPERDAEMON_FAULTS_AGAINST=${name}: there is no such start_server here`);
  return starter;
}

/** Seconds until a condition counts as never met. Against the original each test waits for one that is never met. */
const patience = against === ours ? 90 : 8;

/** Seconds for which output may still be on its way when its writer is dead. */
const lastWords = against === ours ? 30 : 0.3;

/** The start_server in question, in a directory of its own; whatever works there is killed at the end of the test. */
export class FaultRun extends Run {
  readonly directory: string;

  constructor(t: Test, args: readonly string[], { cwd = room(t), ...how }: RunOptions = {}) {
    super(t, args, { starter: against, ...how, cwd });
    this.directory = cwd;
  }

  /** Waits for a condition, no longer than the process lives. */
  async until<T>(awaited: string, check: () => T | undefined | false): Promise<T> {
    const seen = () => this.stderr;
    const found = await eventually(
      awaited,
      () => {
        const value = check();
        if (value !== undefined && value !== false) return { value };
        return !isAlive(this.pid) && { value: undefined };
      },
      { seen, seconds: patience },
    );
    if (found.value !== undefined) return found.value;
    return eventually(`${awaited}, but start_server has ended`, check, { seen, seconds: lastWords });
  }

  override async sees(expected: RegExp, times = 1): Promise<RegExpExecArray> {
    const all = new RegExp(expected, expected.flags.replace(/[gm]/g, '') + 'gm');
    return this.until(`${String(times)} x ${String(expected)}`, () => [...this.stderr.matchAll(all)][times - 1]);
  }

  override async ended(): Promise<Outcome> {
    await eventually('the end of start_server', () => !isAlive(this.pid), {
      seen: () => this.stderr,
      seconds: patience,
    });
    return super.ended();
  }

  has(name: string): boolean {
    return existsSync(join(this.directory, name));
  }

  /** The content of a file in its directory, '' where there is none. */
  read(name: string): string {
    return this.has(name) ? readFileSync(join(this.directory, name), 'latin1') : '';
  }

  async appears(name: string): Promise<string> {
    return this.until(`the file ${name}`, () => this.read(name) || undefined);
  }

  worker(number: number): number {
    return this.workers[number - 1] ?? NaN;
  }

  /** Waits until it sleeps. With an interval of 0 and a worker, a start_server sleeps only where it waits for events. */
  async idle(): Promise<void> {
    await this.sees(/^starting new worker/);
    await this.until('it sleeps', () => stateOf(this.pid).startsWith('S'));
  }

  /**
   * Sends a signal and waits until it is taken: two of one kind that are pending together count as one. To a sleeper, one that
   * is ignored stays pending.
   */
  async deliver(signal: NodeJS.Signals): Promise<void> {
    this.signal(signal);
    const isTaken = () => /^ShdPnd:\s*0+$/m.test(procFile(this.pid, 'status'));
    await this.until(`${signal} is taken`, () => isTaken() || (signal === 'SIGALRM' && isSleeper(this.pid)));
  }

  /** The exit code or the signal with which a start has ended; `workerStarted` if it has not. */
  async outcome(): Promise<number | string | null> {
    const seen = () => this.stderr;
    const decided = () => !isAlive(this.pid) || this.workers.length > 0;
    await eventually('an end or a worker', decided, { seen, seconds: patience });
    if (this.workers.length > 0) return workerStarted;
    const { code, signal } = await this.ended();
    return this.workers.length > 0 ? workerStarted : (code ?? signal);
  }
}

/** A run whose first worker is the probe, and what that worker was given. */
export async function probed(
  t: Test,
  options: readonly string[],
  how: RunOptions & { words?: readonly string[] } = {},
): Promise<{ run: FaultRun; dump: ProbeDump }> {
  const { words = [], ...rest } = how;
  const run = new FaultRun(t, ['--interval=0', ...options, '--', probe(), '-o', 'dump', ...words], rest);
  return { run, dump: parseDump(await run.appears('dump')) };
}

/** The letter of the process state and what follows it in /proc/PID/stat; '' when the process is gone. */
export function stateOf(pid: number): string {
  return procFile(pid, 'stat').replace(/^\d+ \(.*\) /s, '');
}
