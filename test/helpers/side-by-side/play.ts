import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { aboutProcess } from './about.js';
import { eventually } from '../eventually.js';
import { Names, workersIn } from './naming.js';
import { eventsIn, givenIn, probeOptions, type Observation } from './observation.js';
import { freePort } from '../place/ports.js';
import { probe } from '../processes/probe.js';
import type { Scenario, Step } from './scenario.js';
import { settled } from './settle.js';
import {
  isAlive,
  ours,
  plainEnvironment,
  Run,
  type Outcome,
  type RunOptions,
  type Starter,
} from '../running/starter.js';
import { killAllOf, sweep } from '../place/sweep.js';
import { prepare, tree } from './tree.js';
import { withoutChildren, withoutPerlsOwn, withoutRemedies, withSortedDeaths } from './wording.js';
import { workspace } from '../place/workspace.js';

/**
 * Plays a scenario with one start_server (and its commands with the `other` where they are crossed), in a directory of
 * its own, and gives what an observer has seen.
 */
export async function play(t: Test, scenario: Scenario, starter: Starter, other: Starter): Promise<Observation> {
  const text = JSON.stringify(scenario);
  const ports = [text.includes('{P}') ? await freePort() : 0, text.includes('{Q}') ? await freePort() : 0] as const;
  const player = new Player(t, scenario, [starter, other], ports);
  for (const step of scenario.steps ?? []) await player.perform(step);
  return player.end();
}

class Player {
  readonly #t: Test;
  readonly #scenario: Scenario;
  readonly #values: ReadonlyMap<string, string>;
  readonly #cwd: string;
  readonly #run: Run;
  readonly #how: RunOptions;
  readonly #other: Starter;
  readonly #known = new Names();
  readonly #moments: unknown[] = [];
  readonly #commands: unknown[] = [];
  /** The log, up to the last line for which a step has waited. */
  #counted = '';

  constructor(
    t: Test,
    scenario: Scenario,
    [starter, other]: readonly [Starter, Starter],
    [P, Q]: readonly [number, number],
  ) {
    this.#t = t;
    this.#other = other;
    this.#cwd = workspace(t);
    sweep(t, this.#cwd);
    this.#values = new Map(Object.entries({ P: String(P), Q: String(Q), cwd: this.#cwd, probe: probe() }));
    this.#scenario = this.#filled(scenario);
    const { files = {}, env = {}, under = [] } = this.#scenario;
    prepare(this.#cwd, files);
    this.#how = { starter, cwd: this.#cwd, env: { ...plainEnvironment(), HOME: this.#cwd, ...env } };
    this.#run = new Run(t, this.#filled(commandLine(scenario)), { ...this.#how, under });
    this.#names.call(this.#run.pid, scenario.daemon === undefined ? 'S' : 'F');
  }

  /** Puts ports and paths in place of `{P}` and its like, in all texts within. */
  #filled<T>(value: T): T {
    const named = (_: string, name: string) => this.#values.get(name) ?? '';
    return JSON.parse(JSON.stringify(value).replace(/\{(P|Q|cwd|probe)\}/g, named)) as T;
  }

  async perform(step: Step): Promise<void> {
    switch (step.do) {
      case 'wait':
        return this.#wait(step.line, step.times);
      case 'signal':
        return this.#signal(() => this.#superdaemon, step.signal, step.atOnce);
      case 'kill':
        return this.#signal(() => this.#worker(step.worker), step.by, false);
      case 'dead':
        return this.#until(`the death of W${String(step.worker)}`, () => !isAlive(this.#worker(step.worker)));
      case 'write':
        writeFileSync(this.#path(step.path), this.#filled(step.text), 'latin1');
        return;
      case 'remove':
        // A superdaemon may write the file only after the line for which the step before has waited.
        await this.#until(
          `${step.path} to remove`,
          () => lstatSync(this.#path(step.path), { throwIfNoEntry: false }) !== undefined,
        );
        rmSync(this.#path(step.path), { recursive: true });
        return;
      case 'rename':
        renameSync(this.#path(step.from), this.#path(step.to));
        return;
      case 'await file':
        return this.#until(`${step.path}: ${String(step.text)}`, () => this.#file(step.path) === step.text);
      case 'look':
        await this.#settle();
        this.#moments.push(this.#tree());
        return;
      case 'who':
        await this.#settle();
        this.#moments.push(this.#living());
        return;
      case 'about':
        await this.#settle();
        this.#moments.push(aboutProcess(this.#superdaemon));
        return;
      case 'command':
        await this.#settle();
        return this.#command(this.#filled(step.words));
      case 'end':
        await this.#ended();
    }
  }

  async end(): Promise<Observation> {
    const { end = 'TERM' } = this.#scenario;
    if (end === 'TERM') await this.#signal(() => this.#superdaemon, 'SIGTERM', false);
    const outcome = end === 'KILL' ? await this.#killed() : await this.#ended();
    const { rest, told } = withoutChildren(this.#log);
    const log = end === 'KILL' ? this.#counted : this.#named(rest);
    const all = this.#workers.map((pid) => this.#names.of(pid));
    const seen = new Set(end === 'KILL' ? log.match(/\bW\d+\b/g) : all);
    return this.#neutral({
      outcome,
      commands: this.#commands,
      stdout: this.#named(this.#run.stdout),
      stderr: this.#scenario.log === undefined ? '' : this.#named(cleaned(this.#run.stderr)),
      log: withSortedDeaths(log.split('\n')),
      told: [...new Set(told)],
      moments: end === 'KILL' ? this.#moments : [...this.#moments, this.#tree()],
      events: eventsIn(this.#cwd, this.#names, seen),
      given: givenIn(this.#cwd, this.#names, seen, this.#numbering),
    });
  }

  async #signal(pid: () => number, signal: NodeJS.Signals, atOnce: boolean): Promise<void> {
    if (!atOnce) await this.#settle();
    process.kill(pid(), signal);
  }

  async #wait(line: string, times: number): Promise<void> {
    const expected = this.#filled(line);
    await this.#until(`${String(times)} x ${line}`, () => {
      const lines = this.#named(withoutChildren(this.#log).rest).split('\n').slice(0, -1);
      const places = lines.flatMap((each, index) => (each === expected ? [index] : []));
      const place = places[times - 1];
      if (place === undefined) return false;
      this.#counted = `${lines.slice(0, place + 1).join('\n')}\n`;
      return true;
    });
  }

  async #command(words: readonly string[]): Promise<void> {
    const starter = this.#scenario.crossed === true ? this.#other : this.#how.starter;
    const run = new Run(this.#t, words, { ...this.#how, ...(starter && { starter }) });
    this.#names.of(run.pid, 'C');
    const outcome = await run.ended();
    this.#commands.push({ outcome, stdout: run.stdout, stderr: this.#named(cleaned(run.stderr)) });
  }

  async #settle(): Promise<void> {
    const { words, program } = this.#scenario;
    const writesDump = words === undefined && program === undefined;
    const dumpOf = (pid: number) => (writesDump ? this.#path(`.dump.${String(pid)}`) : undefined);
    await settled(this.#superdaemon, this.#workers, { seen: () => this.#log, dumpOf });
  }

  async #ended(): Promise<Outcome> {
    const outcome = await this.#run.ended();
    const { daemon } = this.#scenario;
    if (daemon !== undefined && outcome.code === 0) {
      const pid = this.#superdaemon;
      await this.#until('the end of the daemon', () => !isAlive(pid));
    }
    return outcome;
  }

  async #killed(): Promise<string> {
    await this.#settle();
    killAllOf(this.#cwd);
    await this.#run.ended();
    return 'killed';
  }

  async #until(awaited: string, check: () => boolean): Promise<void> {
    await eventually(awaited, check, { seen: () => `${this.#log}\n${JSON.stringify(this.#tree(), undefined, 1)}` });
  }

  #knownDaemon: number | undefined;

  get #superdaemon(): number {
    const { daemon } = this.#scenario;
    if (daemon === undefined) return this.#run.pid;
    this.#knownDaemon ??= Number(readFileSync(this.#path(daemon), 'latin1'));
    this.#names.call(this.#knownDaemon, 'S');
    return this.#knownDaemon;
  }

  get #log(): string {
    const { log } = this.#scenario;
    return cleaned(log === undefined ? this.#run.stderr : (this.#read(log) ?? ''));
  }

  get #workers(): number[] {
    return workersIn(this.#log);
  }

  /** The names; every worker that the log tells of has one. */
  get #names(): Names {
    for (const pid of this.#workers) this.#known.of(pid, 'W');
    return this.#known;
  }

  #worker(number: number): number {
    const pid = this.#workers[number - 1];
    if (pid === undefined) throw new Error(`there is no W${String(number)}:\n${this.#log}`);
    return pid;
  }

  #living(): string[] {
    return [this.#superdaemon, ...this.#workers].filter(isAlive).map((pid) => this.#names.of(pid));
  }

  #named(text: string): string {
    return this.#names.inLog(text);
  }

  #path(name: string): string {
    return join(this.#cwd, this.#filled(name));
  }

  #read(name: string): string | undefined {
    try {
      return readFileSync(this.#path(name), 'latin1');
    } catch {
      return undefined; // not there now
    }
  }

  #file(name: string): string | undefined {
    const text = this.#read(name);
    return text === undefined ? undefined : this.#names.inFile(text);
  }

  #tree(): Record<string, string> {
    const names = this.#names;
    const entries = Object.entries(tree(this.#cwd)).filter(([name]) => !/^\.(dump|events)/.test(name));
    return Object.fromEntries(entries.map(([name, what]) => [names.inName(name), this.#inTree(what)]));
  }

  #inTree(what: string): string {
    const [, kind = what, text] = /^(file \d+) (.*)$/s.exec(what) ?? [];
    return text === undefined ? kind : `${kind} ${this.#names.inFile(withoutChildren(cleaned(text)).rest)}`;
  }

  get #numbering() {
    const words = commandLine(this.#scenario);
    const ports = words.map((word, index) => (words[index - 1] === '--port' ? word : word.replace(/^--port=/, '')));
    const fixed = ports.flatMap((port) => /^[^-].*=(\d+)\s*$/s.exec(port)?.[1] ?? []).map(Number);
    const first = this.#how.starter === ours ? 3 : words.some((word) => /^--log-file(?:=|$)/.test(word)) ? 5 : 4;
    return { first, fixed: new Set(fixed) };
  }

  /** The observation with names for the directory and the ports. */
  #neutral(observation: Observation): Observation {
    let text = JSON.stringify(observation).replaceAll(this.#cwd, 'CWD');
    for (const name of ['P', 'Q']) {
      const port = this.#values.get(name) ?? '0';
      if (port !== '0') text = text.replaceAll(new RegExp(`(?<![1-9])${port}(?!\\d)`, 'g'), `PORT-${name}`);
    }
    return JSON.parse(text) as Observation;
  }
}

function cleaned(text: string): string {
  return withoutRemedies(withoutPerlsOwn(text));
}

function commandLine({ words, options = [], program, probe = [] }: Scenario): readonly string[] {
  return words ?? ['--interval=0', ...options, '--', ...(program ?? ['{probe}', ...probeOptions, ...probe])];
}
