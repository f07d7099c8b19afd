import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { readSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Test } from 'tap';
import { eventually } from '../eventually.js';
import { procFile } from '../processes/proc-file.js';
import { killQuietly } from '../processes/kill-quietly.js';
import { parentOf, startOf } from '../processes/processes.js';
import { originalStarter } from './original.js';

/** A `start_server`: ours, or another to compare it with. */
export interface Starter {
  readonly name: string;
  readonly command: string;
}

/** Where scripts/test-asleep.mjs has the tests run a start_server that sleeps whenever it can, its path. */
const hibernating = process.env['TEST_HIBERNATING'];

/** Whether it does so here. */
export const isHibernating = hibernating !== undefined;

export const ours: Starter = {
  name: 'superdaemon',
  command: hibernating ?? join(import.meta.dirname, '../../../bin/start_server'),
};

/** Perl's, where it is installed. */
export function original(): Starter | undefined {
  const command = originalStarter();
  return command === undefined ? undefined : { name: "Perl's start_server", command };
}

export interface RunOptions {
  readonly starter?: Starter;
  readonly cwd?: string;
  /** The environment in place of PATH, HOME and LANG=C. */
  readonly env?: NodeJS.ProcessEnv;
  /** What stands before the command, such as `['prlimit', '--nofile=100']`; it has to exec the rest. */
  readonly under?: readonly string[];
  readonly stdio?: StdioOptions;
}

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Killed at the exit, too: a test that runs out of time ends without its teardown. */
const runs = new Set<Run>();
process.once('exit', () => {
  for (const run of runs) run.killAll();
});

/** A start_server that a test has started. It and its workers are killed at the end of the test at the latest. */
export class Run {
  readonly #child: ChildProcess;
  readonly #ended: Promise<Outcome>;
  /** When each worker was started: a process that has its pid later, when it has ended, is another one. */
  readonly #starts = new Map<number, string>();
  #stdout = '';
  #stderr = '';

  constructor(t: Test, args: readonly string[], options: RunOptions = {}) {
    const { starter = ours, cwd, env = plainEnvironment(), under = [], stdio = ['ignore', 'pipe', 'pipe'] } = options;
    const asleep = starter === ours && hibernating !== undefined && !isForAnother(args) ? ['--hibernate=0'] : [];
    const [file = '', ...words] = [...under, starter.command, ...asleep, ...args];
    this.#child = spawn(file, words, { env, stdio, ...(cwd === undefined ? {} : { cwd }) });
    this.#child.stdout?.setEncoding('latin1').on('data', (text: string) => (this.#stdout += text));
    this.#child.stderr?.setEncoding('latin1').on('data', (text: string) => {
      this.#hear(text);
    });
    this.#ended = new Promise((resolve, reject) => {
      this.#child.on('close', (code, signal) => {
        resolve({ code, signal });
      });
      this.#child.on('error', reject);
    });
    runs.add(this);
    t.teardown(() => {
      this.killAll();
      runs.delete(this);
    });
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  /** Otherwise its pid may be another process's by now. */
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get stdout(): string {
    return this.#stdout;
  }

  /** All that it has written by now: also what came before something else that the test has just seen, as a file. */
  get stderr(): string {
    this.#hear(waitingIn(this.#child.stderr));
    return this.#stderr;
  }

  /** The complete lines of stderr so far. */
  get lines(): string[] {
    return this.stderr.split('\n').slice(0, -1);
  }

  /** The pids of all workers so far, in the order of their starts. */
  get workers(): number[] {
    return workersIn(this.stderr);
  }

  /** Waits until stderr matches, counting matches where the expression is global, and gives the last match. */
  async sees(expected: RegExp, times = 1): Promise<RegExpExecArray> {
    const all = new RegExp(expected, expected.flags.replace(/[gm]/g, '') + 'gm');
    return eventually(`${String(times)} x ${String(expected)}`, () => [...this.stderr.matchAll(all)][times - 1], {
      seen: () => this.stderr,
    });
  }

  signal(signal: NodeJS.Signals | number): void {
    process.kill(this.pid, signal);
  }

  /** The exit code or the signal, once the process is gone and its output is read. */
  async ended(): Promise<Outcome> {
    const outcome = this.#ended.then((value) => ({ value }));
    let ended: { value: Outcome } | undefined;
    void outcome.then((value) => (ended = value));
    return (await eventually('the end of start_server', () => ended, { seen: () => this.stderr })).value;
  }

  /** Ends it by TERM. */
  async stop(): Promise<Outcome> {
    this.signal('SIGTERM');
    return this.ended();
  }

  /** The log with every worker's pid named W1, W2 ..., and the superdaemon's own S. */
  get story(): string {
    const names = new Map([
      [this.pid, 'S'],
      ...this.workers.map((pid, index) => [pid, `W${String(index + 1)}`] as const),
    ]);
    return this.stderr.replace(/\d+/g, (digits) => names.get(Number(digits)) ?? digits);
  }

  /** Kills the superdaemon and its workers, whatever has happened to the test. */
  killAll(): void {
    const left = this.workers.filter((pid) => this.#isOwn(pid));
    this.#child.kill('SIGKILL'); // does nothing once it has ended
    for (const pid of left) killQuietly(pid);
  }

  #hear(text: string): void {
    if (text === '') return;
    this.#stderr += text;
    for (const pid of workersIn(this.#stderr)) if (!this.#starts.has(pid)) this.#starts.set(pid, startOf(pid));
  }

  /** Whether the pid is not another process's by now. */
  #isOwn(pid: number): boolean {
    const start = startOf(pid);
    if (start === '') return false;
    const known = this.#starts.get(pid);
    return known === undefined ? this.isRunning && parentOf(pid) === this.pid : start === known;
  }
}

function workersIn(log: string): number[] {
  return Array.from(log.matchAll(/^starting new worker (\d+)\n/gm), ([, pid]) => Number(pid));
}

/** What is there to be read at this moment, before node tells it. */
function waitingIn(stream: Readable | null): string {
  const fd = (stream as { _handle?: { fd?: number } | null } | null)?._handle?.fd ?? -1;
  if (stream === null || fd < 0 || stream.readableLength > 0) return ''; // which comes first
  const buffer = Buffer.alloc(65_536);
  let text = '';
  try {
    for (let size = -1; size !== 0; text += buffer.toString('latin1', 0, size)) size = readSync(fd, buffer);
  } catch {
    // no more for now
  }
  return text;
}

/** Whether these are the words of a command for a start_server that runs. */
function isForAnother(args: readonly string[]): boolean {
  return args.some((word) => /^--?(?:rest|stop|show|upgrade|cancel)/.test(word));
}

export function plainEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: process.env['HOME'], LANG: 'C' };
}

/** Whether the process lives; a zombie does not. */
export function isAlive(pid: number): boolean {
  return /^\d+ \(.*\) [^Z]/s.test(procFile(pid, 'stat'));
}
