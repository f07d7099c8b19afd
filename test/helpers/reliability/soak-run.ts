/** A run of all injections at once. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Test } from 'tap';
import { timesAsked, underClock } from '../processes/clock.js';
import type { Injection, Undo } from './injections.js';
import type { Account, Ledger } from './ledger.js';
import { LedgerRun } from './ledger-run.js';
import { Chance, record } from './reliability.js';
import { Watchdog } from './watchdog.js';
import { workspace } from '../place/workspace.js';
import { procFile } from '../processes/proc-file.js';
import { isAlive, plainEnvironment } from '../running/starter.js';

/** So many are under way together at most. */
const atOnce = 4;
/** After so many everything is undone, and looked at. */
const betweenLooks = 25;
/** After so many looks the superdaemon is killed and started again, where that is done. */
const betweenDeaths = 2;
/** In kB, of native memory: V8 has its own, of which it keeps what has grown old for long. */
const mostGrowth = 4000;
/** Seconds after which a service manager would end one that gives no sign of life. */
const watchdogPatience = 60;

export interface Soak {
  readonly name: string;
  readonly options: readonly string[];
  /** Whether the superdaemon stays the same process and image all the time, so that its memory can be compared. */
  readonly isOneImage: boolean;
}

/** A superdaemon to which everything is done at once, and what it has held. */
export class SoakRun {
  readonly #chance: Chance;
  readonly #ledger: Ledger;
  readonly #times = new Map<string, number>();
  readonly #underWay: Undo[] = [];
  readonly #looks: { memory: number; heap: number }[] = [];
  readonly #listeners: string[];
  #descriptors: string[] = [];

  private constructor(
    private readonly t: Test,
    private readonly soak: Soak,
    private readonly seconds: number,
    private readonly run: LedgerRun,
    private readonly watchdog: Watchdog,
  ) {
    this.#chance = new Chance(t);
    this.#listeners = run.listenersOfWorker;
    this.#ledger = run.ledger(t);
  }

  static async start(t: Test, soak: Soak, seconds: number): Promise<SoakRun> {
    const cwd = workspace(t);
    const watchdog = new Watchdog(t, watchdogPatience);
    const run = await LedgerRun.start(t, {
      cwd,
      logFile: '| exec cat >>log',
      options: ['--control=control', '--systemd', ...soak.options],
      under: underClock(cwd),
      env: { ...plainEnvironment(), ...watchdog.env },
    });
    await run.calm();
    const started = new SoakRun(t, soak, seconds, run, watchdog);
    await started.#settle();
    return started;
  }

  async injectAll(possible: readonly Injection[]): Promise<void> {
    try {
      await this.#injectAll(possible);
    } catch (error) {
      if (isAlive(this.run.run.pid)) throw error;
      throw new Error(`it has ended: ${await this.#story()}`, { cause: error });
    }
  }

  async #injectAll(possible: readonly Injection[]): Promise<void> {
    const end = performance.now() + this.seconds * 1000;
    for (let count = 1; performance.now() < end; count += 1) {
      const { name, inject } = this.#chance.pick(possible);
      this.#underWay.push(await inject(this.run, this.#chance));
      this.#count(name);
      if (this.#chance.below(2) === 0) this.run.run.signal('SIGHUP');
      await pause(this.#chance.below(60));
      await this.#undo(this.#chance.below(atOnce));
      if (count % betweenLooks === 0) await this.#look();
      if (!this.soak.isOneImage && count % (betweenLooks * betweenDeaths) === 0) await this.#die();
    }
  }

  async end(): Promise<void> {
    const { run, t } = this;
    await this.#undo(0);
    await this.#restore();
    const account = await this.#ledger.settle();
    t.same(this.#ledger.wrongs, {}, JSON.stringify(account));
    t.ok(timesAsked(run.directory) > 0, 'the wall clock was the wrong one');
    t.ok(this.watchdog.longest < watchdogPatience * 1000, `${String(this.watchdog.longest)} ms without a sign of life`);
    const memory = this.soak.isOneImage ? this.#comparedMemory() : '';
    const { generation } = run.current;
    // A superdaemon that was killed has left none to count on from.
    if (this.soak.isOneImage) t.ok(generation > this.#looks.length, `${String(generation)} generations`);
    t.same(await run.run.stop(), { code: 0, signal: null });
    await run.until('the end of all processes', () => run.orphans.length === 0);
    this.#record(account, memory);
  }

  async #story(): Promise<string> {
    const { run } = this;
    for (const { pid } of run.workers) run.kill(pid, 'SIGKILL');
    return `${JSON.stringify(await run.run.ended())}\n${run.run.stderr}\n${run.read('log').slice(-3000)}`;
  }

  #count(name: string): void {
    this.#times.set(name, (this.#times.get(name) ?? 0) + 1);
  }

  async #undo(most: number): Promise<void> {
    while (this.#underWay.length > most) await this.#underWay.shift()?.();
  }

  /** Undoes everything; nothing may be left of it. */
  async #look(): Promise<void> {
    await this.#undo(0);
    await this.#restore();
    const { pid } = this.run.run;
    this.#looks.push({ memory: memoryOf(pid), heap: nativeHeapOf(pid) });
  }

  async #restore(): Promise<void> {
    const { run } = this;
    if (!this.soak.isOneImage) {
      await run.reconfigureBack();
      // An image that began while no descriptor was left has others open: it writes its log by a thread.
      await run.upgrade();
    }
    await run.calm();
    await run.hasDescriptors(this.#descriptors);
    await run.until('a worker with the sockets of the first', () => this.#hasFirstSockets());
  }

  #hasFirstSockets(): boolean {
    return this.run.listenersOfWorker.join() === this.#listeners.join();
  }

  /** As the system does when memory runs out, or a service manager where no sign of life comes. */
  async #die(): Promise<void> {
    const { run } = this;
    const [name, signal] = this.#chance.pick([
      ['killed by KILL and started again', 'SIGKILL'],
      ["killed by ABRT, as by systemd's watchdog, and started again", 'SIGABRT'],
    ] as const);
    this.#count(name);
    const { pid } = run.current;
    run.run.signal('SIGHUP');
    run.run.signal(signal);
    await run.until('its end', () => !isAlive(run.run.pid));
    run.startAgain(this.t);
    await run.until('a worker of the next', () => run.workersInStatus === 1 && run.current.pid !== pid);
    await this.#settle();
  }

  /** Notes what is open. An image that another one has left its run has other descriptors than the first. */
  async #settle(): Promise<void> {
    const { run } = this;
    if (!this.soak.isOneImage) await run.upgrade();
    await run.calm();
    this.#descriptors = run.descriptors;
  }

  #comparedMemory(): string {
    const [third, last] = [this.#looks[2], this.#looks.at(-1)];
    if (third === undefined || last === undefined) return '';
    const grown = last.heap - third.heap;
    this.t.ok(grown < mostGrowth, `native memory: ${String(third.heap)} kB, then ${String(last.heap)} kB`);
    return `; resident memory ${String(third.memory)} kB after the third look, ${String(last.memory)} kB at the end`;
  }

  #record(account: Account, end: string): void {
    const { name } = this.soak;
    const list = [...this.#times].map(([injected, n]) => `${injected} (${String(n)})`).sort();
    const minutes = String(Math.round(this.seconds / 6) / 10);
    const numbers =
      `${String(account.requests)} requests on ${String(account.connections)} connections and ` +
      `${String(account.datagrams)} datagrams, each answered exactly once`;
    const watched = `${String(this.watchdog.signs)} signs of life, never more than ${seconds(this.watchdog.longest)} s apart`;
    record({
      injected: `soak, ${name}: up to ${String(atOnce)} of these at a time, for ${minutes} minutes: ${list.join('; ')}`,
      times: sum(this.#times),
      held: `${numbers}; no orphan, no descriptor more or less at ${String(this.#looks.length)} looks; ${watched}${end}`,
    });
  }
}

function seconds(milliseconds: number): string {
  return String(Math.ceil(milliseconds / 1000));
}

function sum(times: ReadonlyMap<string, number>): number {
  return [...times.values()].reduce((total, n) => total + n, 0);
}

/** In kB, what malloc has. */
function nativeHeapOf(pid: number): number {
  const [, heap = ''] = procFile(pid, 'smaps').split('[heap]', 2);
  return Number(/^Anonymous:\s*(\d+)/m.exec(heap)?.[1] ?? NaN);
}

/** Resident memory in kB. */
function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s*(\d+)/m.exec(procFile(pid, 'status'))?.[1] ?? NaN);
}
