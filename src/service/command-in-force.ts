/** The command line in force, the one that is tried, and what workers of earlier ones still need. */
import type { StartCommand } from '../core/command-line/command.js';
import { commandWords } from '../core/command-line/command-words.js';
import { messages } from '../core/loop/messages.js';
import { liveWorkers, type State } from '../core/loop/state.js';
import type { Step } from '../core/loop/step.js';
import type { Event, Settings, Worker } from '../core/loop/types.js';
import type { ProgramFacts } from '../core/workers/program-facts.js';
import { lookAtProgram } from '../system/processes/look-at-program.js';
import type { CarriedOut } from '../system/engine/addon.js';
import type { Readiness } from '../system/readiness/readiness.js';
import type { Shared } from './surroundings.js';
import type { Candidate, Equipment } from './equipment.js';
import type { OpenListener } from './listeners.js';
import type { Program } from './program.js';

export class CommandInForce {
  #candidate: Candidate | undefined;
  /** Those of earlier command lines, of which only workers before a generation have something. */
  #leaving: readonly { readonly of: Equipment; readonly since: number }[] = [];
  /** Whose the last two workers were. */
  readonly #started = new Map<number, Equipment>();
  #newest = 0;
  #workers: readonly Worker[] = [];

  #isAdopted = false;

  constructor(
    private current: Equipment,
    private readonly shared: Pick<Shared, 'listeners' | 'closing' | 'say' | 'output' | 'manager'>,
  ) {}

  get inForce(): Equipment {
    return this.current;
  }

  /** Another one that is tried. */
  get tried(): StartCommand | undefined {
    return this.#candidate?.command;
  }

  /** Its words, where it is another one than this image was started with. */
  get adoptedWords(): readonly string[] | undefined {
    return this.#isAdopted ? commandWords(this.current.command) : undefined;
  }

  /** Whether anything is open for another one, which is tried or was in force before. */
  get isChanging(): boolean {
    return this.#candidate !== undefined || this.#leaving.length > 0 || this.shared.listeners.areChanging;
  }

  get settings(): Settings {
    return this.current.program.settings;
  }

  /** Workers may tell something through any of these. */
  get readinesses(): readonly Readiness[] {
    return [...new Set(this.#all.flatMap(({ readiness }) => readiness ?? []))];
  }

  /** Reads the envdir again. */
  reload(): void {
    this.current.program.reload();
    this.#candidate?.program.reload();
  }

  /** Forks a worker, unless it was started ahead, and gives its pid; throws a system error when refused. */
  startWorker(generation: number, isCandidate: boolean, ahead?: CarriedOut): number {
    const equipment = (isCandidate ? this.#candidate : undefined) ?? this.current;
    this.#newest = generation;
    this.#started.set(generation, equipment).delete(generation - 2);
    return equipment.program.startWorker(generation, ahead);
  }

  /** How the next worker of the one in force can be started ahead, see `Program`. */
  layOut(generation: number): ReturnType<Program['layOut']> {
    return this.current.program.layOut(generation);
  }

  /** Looks at the program that one of the last workers was to run. */
  look(generation: number): ProgramFacts {
    const { command, environment } = this.#started.get(generation) ?? this.current;
    return lookAtProgram(command.program[0], environment.besideWorkers, command.directory);
  }

  writeStatus(workers: readonly Worker[]): void {
    this.#workers = workers;
    this.current.statusFile?.write(workers);
  }

  /** Opens the log again, and gives back why where that was refused. */
  reopen(): string | undefined {
    return this.current.log.reopen();
  }

  /** Whether the child that ended was a logger. */
  takesEndOf(pid: number, status: number): boolean {
    return [...new Set(this.#all.map(({ log }) => log))].some((log) => log.takesEndOf(pid, status));
  }

  /** The next worker of a candidate is one of this. */
  take(candidate: Candidate): void {
    this.#candidate = candidate;
  }

  /** The candidate is in force. What is gone with the former one goes when its workers have. */
  adopt(): void {
    const candidate = this.#candidate;
    if (candidate === undefined) return;
    const former = this.current;
    this.#candidate = undefined;
    this.current = candidate;
    this.#isAdopted = true;
    this.#leaving = [...this.#leaving, { of: former, since: this.#newest }];
    const { listeners, closing, say, output, manager } = this.shared;
    const hasOtherBacklog = candidate.command.backlog !== former.command.backlog;
    listeners.adopt(candidate.lineup, hasOtherBacklog ? candidate.backlog : undefined, this.#newest);
    manager?.keep(candidate.lineup.added);
    if (candidate.log !== former.log) candidate.log.redirect();
    output.isTimed = candidate.command.logTime;
    if (candidate.statusFile !== former.statusFile) {
      candidate.statusFile?.write(this.#workers);
      if (former.statusFile !== undefined) closing.closeNow(former.statusFile);
    }
    closing.closeNow(former.environment);
    const { added, kept, gone } = candidate.lineup;
    say(messages.candidateAdopted(namesOf(added), namesOf(kept), namesOf(gone)));
  }

  /** The candidate leaves nothing behind. */
  drop(): void {
    const candidate = this.#candidate;
    this.#candidate = undefined;
    if (candidate !== undefined) this.discard(candidate);
  }

  /** Closes what a candidate has of its own. */
  discard(candidate: Candidate): void {
    this.shared.listeners.drop();
    this.#closeUnshared(candidate);
  }

  /** To be told of every decision when it has been carried out: what only old workers had is closed after them. */
  observe(_: State, __: Event, { state }: Step): void {
    if (this.#leaving.length === 0 || state.phase.name === 'stopping') return;
    const oldest = Math.min(Infinity, ...liveWorkers(state).map(({ generation }) => generation));
    const left = this.#leaving.filter(({ since }) => since <= oldest);
    if (left.length === 0) return;
    this.#leaving = this.#leaving.filter((one) => !left.includes(one));
    for (const { of } of left) this.#closeUnshared(of);
    const { listeners, manager, say } = this.shared;
    const closed = listeners.closeLeft(oldest, (gone) => manager?.release(gone));
    if (closed.length > 0) say(messages.listenersClosed(namesOf(closed)));
  }

  get #all(): readonly Equipment[] {
    const candidates = this.#candidate === undefined ? [] : [this.#candidate];
    return [this.current, ...candidates, ...this.#leaving.map(({ of }) => of)];
  }

  #closeUnshared(equipment: Equipment): void {
    const used = new Set(this.#all.flatMap(partsOf));
    for (const part of partsOf(equipment).reverse()) if (!used.has(part)) this.shared.closing.closeNow(part);
  }
}

function partsOf({ environment, log, statusFile, readiness }: Equipment) {
  return [environment, log, statusFile ?? [], readiness ?? []].flat();
}

function namesOf(listeners: readonly OpenListener[]): string[] {
  return listeners.map(({ spec }) => spec.key);
}
