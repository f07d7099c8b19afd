/** A superdaemon whose workers answer a ledger, in a directory of its own, with all that can be injured. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { compiled } from '../place/compile.js';
import { eventually } from '../eventually.js';
import { procFile } from '../processes/proc-file.js';
import { Ledger } from './ledger.js';
import { freePort } from '../place/ports.js';
import { descriptorsOf, parentOf, processesIn } from '../processes/processes.js';
import { isHibernating, ours, plainEnvironment, Run, type RunOptions } from '../running/starter.js';
import { cannotMount, tinyDisk } from '../place/tiny-disk.js';
import { workspace } from '../place/workspace.js';

export interface LedgerRunOptions extends RunOptions {
  /** More options of start_server. */
  readonly options?: readonly string[];
  /** What --log-file is; a file unless it is given. */
  readonly logFile?: string;
}

export interface LedgerWorker {
  readonly pid: number;
  readonly generation: number;
}

const program = () => compiled('ledger_worker', ['ledger_worker.c'], ['-static']);

/** Closes what the caller has open: it would be open in every worker, and their sockets would not be 3 to 5. */
const withoutInherited = ['perl', '-MPOSIX', '-e', 'POSIX::close($_) for 3 .. 255; exec @ARGV', '--'];

export class LedgerRun {
  run: Run;
  readonly #words: readonly string[];
  readonly #how: RunOptions;
  readonly #sleeps: boolean;
  /** The last reconfiguration. */
  #asked: Promise<unknown> | undefined;
  /** For the status file and the pid file; a small disk of its own where one can be mounted. */
  readonly disk: string;

  private constructor(
    t: Test,
    readonly directory: string,
    readonly port: number,
    readonly udpPort: number,
    readonly onePortMore: number,
    { options = [], logFile = 'log', ...how }: LedgerRunOptions,
  ) {
    this.disk = join(directory, 'disk');
    this.#sleeps = isHibernating || options.some((option) => option.startsWith('--hibernate'));
    const files = ['--pid-file=disk/run/pid', '--status-file=disk/run/status', `--log-file=${logFile}`];
    const sockets = [`--port=127.0.0.1:${String(port)}`, `--port=127.0.0.1:u${String(udpPort)}`, '--path=socket'];
    const interval = options.some((option) => option.startsWith('--interval')) ? [] : ['--interval=0'];
    this.#words = [...interval, ...files, ...sockets, ...options, '--', program(), '-f', join(directory, 'broken')];
    this.#how = { ...how, cwd: this.directory, under: [...withoutInherited, ...(how.under ?? [])] };
    this.run = new Run(t, this.#words, this.#how);
  }

  static async start(t: Test, options: LedgerRunOptions = {}): Promise<LedgerRun> {
    const directory = options.cwd ?? workspace(t);
    const disk = join(directory, 'disk');
    if (cannotMount() === false) tinyDisk(t, disk);
    mkdirSync(join(disk, 'run'), { recursive: true });
    const started = new LedgerRun(t, directory, await freePort(), await freePort(), await freePort(), options);
    t.teardown(() => started.killAll());
    await started.until('the first worker', () => started.workersInStatus === 1);
    return started;
  }

  /** The same command once more, when the superdaemon is gone; `within` stands before it, as `under` does. */
  startAgain(t: Test, within: readonly string[] = []): Run {
    this.run = new Run(t, this.#words, { ...this.#how, under: [...(this.#how.under ?? []), ...within] });
    return this.run;
  }

  /** Asks for one more port. It may be refused, where something else was done. It needs `--control=control`. */
  reconfigure(): void {
    this.#asked = this.#reconfigured([`--port=127.0.0.1:${String(this.onePortMore)}`]);
  }

  /** Asks for the first command line until it is in force. */
  async reconfigureBack(): Promise<void> {
    await this.#asked;
    await eventually('the first command line', async () => (await this.#reconfigured([])) === 0);
  }

  /** Asks for an upgrade until there was one. It needs `--control=control`. */
  async upgrade(): Promise<void> {
    await eventually('an upgrade', async () => (await this.#commanded(['--upgrade', '--control=control'])) === 0);
  }

  #reconfigured(more: readonly string[]): Promise<number> {
    return this.#commanded(['--reconfigure', ...more, ...this.#words]);
  }

  /** Gives the exit code. */
  async #commanded(words: readonly string[]): Promise<number> {
    const asking = spawn(ours.command, ['--timeout=10', ...words], {
      cwd: this.directory,
      env: plainEnvironment(),
      stdio: 'ignore',
    });
    const [code] = (await once(asking, 'exit')) as [number | null];
    return code ?? NaN;
  }

  /** Clients of all its sockets, until the end of the test at the latest. */
  ledger(t: Test, { datagrams = true } = {}): Ledger {
    const path = join(this.directory, 'socket');
    const ledger = new Ledger({ port: this.port, path, udpPort: datagrams ? this.udpPort : undefined });
    t.teardown(() => ledger.stop());
    return ledger;
  }

  /** The content of a file in its directory; '' where there is none. */
  read(name: string): string {
    try {
      return readFileSync(join(this.directory, name), 'latin1');
    } catch {
      return ''; // not there at the moment
    }
  }

  /** The processes that run the program, the newest last, whatever the status file says. */
  get workers(): LedgerWorker[] {
    const pids = processesIn(this.directory).filter((pid) => executableOf(pid) === program());
    const found = pids.map((pid) => ({ pid, generation: generationOf(pid) }));
    return found.filter(({ generation }) => !Number.isNaN(generation)).sort((a, b) => a.generation - b.generation);
  }

  get current(): LedgerWorker {
    return this.workers.at(-1) ?? { generation: 0, pid: NaN };
  }

  /** Children of the superdaemon that run this program, such as its logger. */
  childrenCalled(name: string): number[] {
    return processesIn(this.directory).filter(
      (pid) => parentOf(pid) === this.run.pid && procFile(pid, 'comm') === `${name}\n`,
    );
  }

  /** Processes in its directory that the superdaemon is not the parent of. */
  get orphans(): number[] {
    return processesIn(this.directory).filter((pid) => pid !== this.run.pid && parentOf(pid) !== this.run.pid);
  }

  /** Whether the status file names the workers that there are, and no others. */
  statusAgrees(workers = this.workers): boolean {
    const lines = workers.map(({ generation, pid }) => `${String(generation)}:${String(pid)}`);
    return lines.sort().join() === this.read('disk/run/status').split('\n').slice(0, -1).sort().join();
  }

  /** How many workers there are; NaN while the status file says otherwise. */
  get workersInStatus(): number {
    const { workers } = this;
    return this.statusAgrees(workers) ? workers.length : NaN;
  }

  /** What the superdaemon has open, sorted and without inodes. Of one that sleeps nothing is told: it has others than awake. */
  get descriptors(): string[] {
    return this.#sleeps ? [] : namesOf(this.run.pid);
  }

  /** Waits until it has as many of each kind open as in this list, which `descriptors` was once. */
  async hasDescriptors(before: readonly string[]): Promise<void> {
    const seen = () => `before: ${before.join(', ')}\nnow: ${this.descriptors.join(', ')}`;
    await eventually('the descriptors it had', () => this.descriptors.join() === before.join(), { seconds: 30, seen });
  }

  async until(awaited: string, check: () => boolean, seconds = 30): Promise<void> {
    const seen = () => `${this.read('log').slice(-3000)}\n${this.run.stderr}\n${JSON.stringify(this.workers)}`;
    await eventually(awaited, check, { seconds, seen });
  }

  /** Sends HUPs until there is one new worker, which the status file names, and no orphan. */
  async calm(): Promise<void> {
    const before = this.current.generation;
    this.run.signal('SIGHUP');
    await this.quiet(before);
  }

  /** Waits for one worker, newer than this, with its three sockets and nothing else of the superdaemon's. */
  async quiet(newerThan: number): Promise<void> {
    await this.until(`one worker, newer than ${String(newerThan)}, in the status file, and no orphan`, () => {
      const isNew = this.workersInStatus === 1 && this.current.generation > newerThan;
      return isNew && this.orphans.length === 0;
    });
  }

  /** What the current worker has been given: lines of a number and the socket. */
  get listenersOfWorker(): string[] {
    const { pid } = this.current;
    const given = /(?:^|\0)SERVER_STARTER_PORT=([^\0]*)/.exec(procFile(pid, 'environ'))?.[1] ?? '';
    const numbers = Array.from(given.matchAll(/=(\d+)(?:;|$)/g), ([, number]) => number);
    return descriptorsOf(pid).filter((line) => numbers.includes(line.split(' ', 1)[0]));
  }

  breakDeploys(): void {
    writeFileSync(join(this.directory, 'broken'), '');
  }

  mendDeploys(): void {
    rmSync(join(this.directory, 'broken'), { force: true });
  }

  /** False where the process is not there any more. */
  kill(pid: number, signal: NodeJS.Signals): boolean {
    try {
      return process.kill(pid, signal);
    } catch {
      return false; // ended meanwhile
    }
  }

  killAll(): void {
    for (const pid of processesIn(this.directory)) this.kill(pid, 'SIGKILL');
  }
}

/** What a process has open, sorted and without inodes, and without a status file that is just being written. */
export function namesOf(pid: number): string[] {
  return descriptorsOf(pid)
    .map((line) => line.replace(/^\d+ /, '').replace(/\[\d+\]/, '[inode]'))
    .filter((name) => name !== '' && !/\/status\.\d+$/.test(name))
    .sort();
}

function executableOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${String(pid)}/exe`);
  } catch {
    return ''; // ended meanwhile
  }
}

function generationOf(pid: number): number {
  return Number(/(?:^|\0)SERVER_STARTER_GENERATION=(\d+)/.exec(procFile(pid, 'environ'))?.[1] ?? NaN);
}
