import { isDeepStrictEqual } from 'node:util';
import { partOf, stateOf, statePart } from '../../../src/core/handover/state-part.js';
import { deadlineOf, initialState, liveWorkers, type State } from '../../../src/core/loop/state.js';
import { step } from '../../../src/core/loop/step.js';
import type { Action, Event, Settings } from '../../../src/core/loop/types.js';
import { TellingPromises } from '../systemd/telling-promises.js';

/** What a random run may do next; `pick` chooses among what is possible at that moment. */
export interface Move {
  readonly kind:
    | 'fork'
    | 'refuse'
    | 'die'
    | 'deadline'
    | 'early'
    | 'ready'
    | 'HUP'
    | 'USR2'
    | 'TERM'
    | 'INT'
    | 'QUIT'
    | 'junk'
    | 'settings'
    | 'another image';
  readonly pick: number;
}

/** A system that obeys `step` and complains, by throwing, about every broken promise of the state machine. */
export class StepWorld {
  state: State = initialState(0);
  #now = 0;
  #spawnAsked = false;
  #stopAsked = false;
  #exited = false;
  #gaveUp = false;
  #lastDeath: number | undefined;
  #deathsAwaited = new Map<number, number>();
  #forkedAt = new Map<number, number>();
  #ready = new Set<number>();
  #told = new Set<number>();
  readonly #manager = new TellingPromises();

  constructor(private settings: Settings) {}

  get exited(): boolean {
    return this.#exited;
  }

  get live(): number[] {
    return [...this.#forkedAt.keys()];
  }

  move({ kind, pick }: Move): void {
    const event = this.#eventFor(kind, pick);
    if (event !== undefined) this.#feed(event);
  }

  #eventFor(kind: Move['kind'], pick: number): Event | undefined {
    const now = this.#now;
    switch (kind) {
      case 'another image':
        this.#becomeAnotherImage();
        return undefined;
      case 'fork':
        return this.#spawnAsked ? this.#fork(pick) : undefined;
      case 'refuse':
        if (!this.#spawnAsked) return undefined;
        this.#spawnAsked = false;
        return { type: 'fork failed', reason: 'refused', now };
      case 'die':
        return this.#death(pick);
      case 'deadline':
        return this.#deadline();
      case 'early':
        this.#now += pick % 500;
        return { type: 'deadline', now: this.#now };
      case 'ready': {
        const pid = this.live[pick % Math.max(1, this.live.length)] ?? 1_000_002;
        if (pick % 6 === 0) return { type: 'said', pid, text: 'well', now };
        if (pick % 6 === 3) return { type: 'left out', pid, now };
        this.#ready.add(pid);
        return { type: 'ready', pid, now };
      }
      case 'junk':
        if (pick % 2 !== 0 || this.#spawnAsked) return { type: 'died', pid: 1_000_001, status: 0, now };
        return pick % 4 === 0
          ? { type: 'forked', pid: 1_000_000, now }
          : { type: 'fork failed', reason: 'not asked for', now };
      case 'settings':
        this.settings = { ...this.settings, autoRestart: pick % 2 === 0 ? undefined : { text: '3', seconds: 3 } };
        return { type: 'settings changed', now };
      default:
        return { type: 'signal', signal: kind, now };
    }
  }

  #fork(pick: number): Event {
    this.#spawnAsked = false;
    let pid = 2 + (pick % 50);
    while (this.#forkedAt.has(pid)) pid += 1;
    this.#forkedAt.set(pid, this.#now);
    this.#deathsAwaited.set(pid, 1);
    return { type: 'forked', pid, now: this.#now };
  }

  #death(pick: number): Event | undefined {
    const pid = this.live[pick % Math.max(1, this.live.length)];
    if (pid === undefined) return undefined;
    this.#forkedAt.delete(pid);
    this.#lastDeath = pid;
    this.#ready.delete(pid);
    this.#told.delete(pid);
    return { type: 'died', pid, status: pick % 65536, now: this.#now };
  }

  #deadline(): Event | undefined {
    const due = deadlineOf(this.state, this.settings);
    if (due === undefined) return undefined;
    this.#now = Math.max(this.#now, due);
    return { type: 'deadline', now: this.#now };
  }

  /** Goes on with nothing but what another image would be told. */
  #becomeAnotherImage(): void {
    const part = partOf(this.state);
    if (part === undefined) return;
    const taken = stateOf(statePart(JSON.parse(JSON.stringify(part)), 'state'));
    this.#promise(isDeepStrictEqual(taken, this.state), 'a state is the same in another image');
    this.state = taken;
  }

  #feed(event: Event): void {
    const before = this.state;
    const decision = step(before, event, this.settings);
    const { state, actions } = decision;
    this.state = state;
    for (const action of actions) this.#perform(action);
    if (event.type === 'signal' && !['HUP', 'USR2'].includes(event.signal)) this.#stopAsked = true;
    this.#check(before, event);
    this.#manager.hear({ before, event, decision, settings: this.settings });
  }

  #perform(action: Action): void {
    this.#promise(!this.#exited, 'nothing follows the exit');
    switch (action.type) {
      case 'spawn':
        this.#promise(!this.#stopAsked, 'nothing is spawned after a stop signal');
        this.#promise(!this.#gaveUp, 'nothing is spawned after the last try');
        this.#promise(!this.#spawnAsked, 'one fork at a time');
        this.#spawnAsked = true;
        return;
      case 'kill':
        this.#promise(
          this.#forkedAt.has(action.pid) || (action.group === true && action.pid === this.#lastDeath),
          `only live children are signalled, and what one has left just now, not ${String(action.pid)}`,
        );
        this.#promise(
          action.signal !== 9 || action.group === true || this.#told.has(action.pid),
          'no one is killed untold',
        );
        this.#told.add(action.pid);
        return;
      case 'upgrade':
        this.#promise(!this.#stopAsked, 'no other image goes on with a run that is to end');
        return;
      case 'write status':
        for (const { pid, forkedAt } of action.workers) {
          this.#promise(this.#forkedAt.has(pid), 'the status file names only live workers');
          const { readiness, interval } = this.settings;
          const proven = readiness === undefined ? this.#now >= forkedAt + interval * 1000 : this.#ready.has(pid);
          this.#promise(proven || this.#stopAsked || this.state.phase.name === 'stopping', 'no interval is cut short');
        }
        return;
      case 'log':
        this.#read(action.line);
        return;
      case 'exit':
        this.#promise(action.code === 0 || this.#gaveUp, 'the exit code tells of failures only');
        this.#promise(this.live.length === 0, 'no worker is left at the exit');
        this.#exited = true;
    }
  }

  #read(line: string): void {
    if (line.endsWith('nothing serves')) this.#gaveUp = true;
    const death = /^(?:old |new )?worker (\d+) (?:died|seems)/.exec(line);
    if (death === null) return;
    const pid = Number(death[1]);
    this.#promise(this.#deathsAwaited.get(pid) === 1, `the death of ${String(pid)} is told once`);
    this.#deathsAwaited.delete(pid);
  }

  #check(before: State, event: Event): void {
    const { state } = this;
    this.#promise(state.generation >= before.generation, 'generations only grow');
    this.#promise(
      sorted(liveWorkers(state).map(({ pid }) => pid)) === sorted(this.live),
      'every live child is the current worker, an old one or on probation',
    );
    this.#promise(this.#deathsAwaited.size === this.live.length, 'every death is told');
    this.#promise((state.phase.name === 'stopped') === this.#exited, 'stopped and exited are one');
    this.#promise(
      state.ending.every(({ pid }) => this.#forkedAt.has(pid) && this.#told.has(pid)),
      'only live workers that were signalled are ending',
    );
    const due = deadlineOf(state, this.settings);
    const delivered = event.type === 'deadline' && due !== undefined && due <= this.#now;
    this.#promise(!delivered || state !== before, 'a deadline that is due changes something');
  }

  #promise(kept: boolean, promise: string): void {
    if (!kept) throw new Error(`broken: ${promise}; phase ${this.state.phase.name}, now ${String(this.#now)}`);
  }
}

function sorted(pids: number[]): string {
  return [...pids].sort((a, b) => a - b).join();
}
