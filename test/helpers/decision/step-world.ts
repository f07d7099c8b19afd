import { isDeepStrictEqual } from 'node:util';
import { partOf, stateOf, statePart } from '../../../src/core/handover/state-part.js';
import { deadlineOf, initialState, liveWorkers, wayToEndIn, type State } from '../../../src/core/loop/state.js';
import { step } from '../../../src/core/loop/step.js';
import type { Action, Event, Settings } from '../../../src/core/loop/types.js';
import { brokenOrder } from './order-promises.js';
import { brokenByCancel } from './cancel-promises.js';
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
    | 'reconfigure'
    | 'withdraw'
    | 'cancel'
    | 'another image';
  readonly pick: number;
}

/** A worker that was forked and lives. */
interface Child {
  readonly forkedAt: number;
  /** Those of its command line. */
  readonly settings: Settings;
  readonly isCandidate: boolean;
}

/** A system that obeys `step` and complains, by throwing, about every broken promise of the state machine. */
export class StepWorld {
  state: State = initialState(0);
  #now = 0;
  #spawnAsked: 'no' | 'in force' | 'candidate' = 'no';
  /** Offered, and neither adopted nor dropped. */
  #candidate: Settings | undefined;
  #isTried = false;
  #stopAsked = false;
  #exited = false;
  #gaveUp = false;
  #lastDeath: number | undefined;
  #deathsAwaited = new Map<number, number>();
  #children = new Map<number, Child>();
  #ready = new Set<number>();
  #told = new Set<number>();
  readonly #manager = new TellingPromises();

  constructor(
    private settings: Settings,
    private readonly others: readonly Settings[] = [],
  ) {}

  get exited(): boolean {
    return this.#exited;
  }

  get live(): number[] {
    return [...this.#children.keys()];
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
        return this.#spawnAsked === 'no' ? undefined : this.#fork(pick);
      case 'refuse':
        if (this.#spawnAsked === 'no') return undefined;
        this.#spawnAsked = 'no';
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
        if (pick % 6 === 1) return { type: 'wants time', pid, milliseconds: pick, now };
        this.#ready.add(pid);
        return { type: 'ready', pid, now };
      }
      case 'junk':
        if (pick % 2 !== 0 || this.#spawnAsked !== 'no') return { type: 'died', pid: 1_000_001, status: 0, now };
        return pick % 4 === 0
          ? { type: 'forked', pid: 1_000_000, now }
          : { type: 'fork failed', reason: 'not asked for', now };
      case 'settings':
        this.settings = { ...this.settings, autoRestart: pick % 2 === 0 ? undefined : { text: '3', seconds: 3 } };
        return { type: 'settings changed', now };
      case 'reconfigure':
        return this.#reconfigure(pick);
      case 'withdraw':
        return { type: 'withdrawn', now };
      case 'cancel':
        return { type: 'cancel', now };
      default:
        return { type: 'signal', signal: kind, now };
    }
  }

  #reconfigure(pick: number): Event | undefined {
    const settings = this.others[pick % Math.max(1, this.others.length)];
    if (settings === undefined) return undefined;
    if (!this.#exited) this.#candidate ??= settings;
    return { type: 'reconfigure', settings, now: this.#now };
  }

  #fork(pick: number): Event {
    const isCandidate = this.#spawnAsked === 'candidate';
    const settings = isCandidate ? (this.#candidate ?? this.settings) : this.settings;
    this.#spawnAsked = 'no';
    let pid = 2 + (pick % 50);
    while (this.#children.has(pid)) pid += 1;
    this.#children.set(pid, { forkedAt: this.#now, settings, isCandidate });
    this.#deathsAwaited.set(pid, 1);
    return { type: 'forked', pid, now: this.#now };
  }

  #death(pick: number): Event | undefined {
    const pid = this.live[pick % Math.max(1, this.live.length)];
    if (pid === undefined) return undefined;
    this.#children.delete(pid);
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
    const taken = stateOf(statePart(JSON.parse(JSON.stringify(part)), 'state'), wayToEndIn(this.settings));
    this.#promise(isDeepStrictEqual(taken, this.state), 'a state is the same in another image');
    this.state = taken;
  }

  #feed(event: Event): void {
    const before = this.state;
    const decision = step(before, event, this.settings);
    const { state, actions } = decision;
    this.state = state;
    for (const action of actions) this.#perform(action);
    if (event.type === 'cancel') for (const broken of brokenByCancel(before, decision)) this.#promise(false, broken);
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
        this.#promise(this.#spawnAsked === 'no', 'one fork at a time');
        this.#promise(!this.#isTried, 'a candidate is tried once, and nothing else meanwhile');
        this.#isTried = action.candidate === true;
        this.#spawnAsked = action.candidate === true ? 'candidate' : 'in force';
        return;
      case 'adopt':
      case 'drop':
        this.#decide(action.type);
        return;
      case 'kill':
        this.#kill(action);
        return;
      case 'upgrade':
        this.#promise(!this.#stopAsked, 'no other image goes on with a run that is to end');
        return;
      case 'write status':
        for (const { pid } of action.workers) this.#promise(this.#hasStarted(pid), 'no interval is cut short');
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

  #kill({ pid, signal, group }: Action & { type: 'kill' }): void {
    const child = this.#children.get(pid);
    this.#promise(
      child !== undefined || (group === true && pid === this.#lastDeath),
      `only live children are signalled, and what one has left just now, not ${String(pid)}`,
    );
    this.#promise(signal !== 9 || group === true || this.#told.has(pid), 'no one is killed untold');
    if (child === undefined) return;
    const { signalOnHup, signalOnTerm } = child.settings;
    const own = [signalOnHup.number, signalOnTerm.number, 9, ...(this.#isEnding ? [15] : [])];
    this.#promise(own.includes(signal), 'each is told to end by its own command line');
    const isNew = this.#isTried && !child.isCandidate && !this.#told.has(pid);
    this.#promise(!isNew || this.#isEnding, 'who served before goes on to serve until a candidate is adopted');
    this.#told.add(pid);
  }

  get #isEnding(): boolean {
    return this.#stopAsked || this.state.phase.name === 'stopping';
  }

  #hasStarted(pid: number): boolean {
    const child = this.#children.get(pid);
    if (child === undefined) return false;
    const { readiness, interval } = child.settings;
    const shortest = child.isCandidate ? Math.max(1, interval) : interval;
    const isProven = readiness === undefined ? this.#now >= child.forkedAt + shortest * 1000 : this.#ready.has(pid);
    return isProven || this.#isEnding;
  }

  #decide(what: 'adopt' | 'drop'): void {
    this.#promise(this.#candidate !== undefined, 'a candidate is adopted or dropped once');
    if (what === 'adopt') {
      this.#promise(this.#isTried, 'only what was tried is adopted');
      this.settings = this.#candidate ?? this.settings;
    }
    this.#candidate = undefined;
    this.#isTried = false;
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
      state.ending.every(({ pid }) => this.#children.has(pid) && this.#told.has(pid)),
      'only live workers that were signalled are ending',
    );
    this.#promise((state.candidate === undefined) === (this.#candidate === undefined), 'no candidate is forgotten');
    const isIdle = state.phase.name === 'running' || state.phase.name === 'waiting';
    this.#promise(!isIdle || state.candidate === undefined, 'a candidate does not wait longer than it must');
    const due = deadlineOf(state, this.settings);
    const delivered = event.type === 'deadline' && due !== undefined && due <= this.#now;
    this.#promise(!delivered || state !== before, 'a deadline that is due changes something');
    const broken = brokenOrder(state, this.settings, this.#now);
    this.#promise(broken === undefined, broken ?? '');
  }

  #promise(kept: boolean, promise: string): void {
    if (!kept) throw new Error(`broken: ${promise}; phase ${this.state.phase.name}, now ${String(this.#now)}`);
  }
}

function sorted(pids: number[]): string {
  return [...pids].sort((a, b) => a - b).join();
}
