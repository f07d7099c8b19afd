/** Sockets that other processes have open, and go on serving until a worker of ours does. */
import type { ListenerSpec } from '../core/command-line/port-spec.js';
import type { State } from '../core/loop/state.js';
import type { Step } from '../core/loop/step.js';
import { messages } from '../core/loop/messages.js';
import type { Event } from '../core/loop/types.js';
import { isSystemError } from '../system/engine/system-error.js';
import type { Holder } from '../system/sockets/holders.js';
import { copySocket } from '../system/takeover/copied-socket.js';
import { TakenListener } from '../system/takeover/taken-listener.js';
import { Predecessors, type Leaving } from './predecessors.js';
import type { Say } from './say.js';
import type { WantedSockets } from './wanted-sockets.js';

export class TakeOver {
  readonly #copies = new Map<ListenerSpec, TakenListener>();
  readonly #handedOut = new Set<TakenListener>();
  #predecessors: Predecessors | undefined;
  #isUnderWay = false;
  readonly #afterwards: (() => void)[] = [];

  constructor(private readonly say: Say) {}

  /**
   * Copies what is wanted and one of these processes has. Gives the specs that have one. What the system refuses is thrown;
   * then none is left.
   */
  copy(wanted: readonly WantedSockets[], holders: readonly Holder[]): ListenerSpec[] {
    try {
      for (const one of wanted) {
        const copy = copyOf(one, holders);
        if (copy !== undefined) this.#copies.set(one.spec, copy);
      }
    } catch (error) {
      this.close();
      throw error;
    }
    return [...this.#copies.keys()];
  }

  /** These are told to leave once a worker of ours is accepted. */
  succeed(leaving: Omit<Leaving, 'left'>): void {
    this.#isUnderWay = true;
    const left = () => {
      this.#isUnderWay = false;
      for (const act of this.#afterwards) act();
    };
    this.#predecessors = new Predecessors({ ...leaving, left }, [...this.#copies.values()], this.say);
  }

  /** Whether another process still has sockets. */
  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** What is to be done when they have ended. */
  afterwards(act: () => void): void {
    this.#afterwards.push(act);
  }

  /** The listener for a spec; undefined where nobody had its socket. */
  take(spec: ListenerSpec): TakenListener | undefined {
    const copy = this.#copies.get(spec);
    if (copy === undefined) return undefined;
    this.#handedOut.add(copy);
    if (spec.fixed !== undefined) this.say(messages.descriptorAssigned(spec.fixed.text));
    return copy;
  }

  /** To be told of every decision when it has been carried out. */
  observe(before: State, event: Event, decision: Step): void {
    this.#predecessors?.observe(before, event, decision);
  }

  /** Closes the copied sockets for which no spec has asked. */
  close(): void {
    this.#predecessors?.close();
    for (const copy of this.#copies.values()) if (!this.#handedOut.has(copy)) copy.close();
    this.#copies.clear();
  }
}

/** The copy from the first process that lets us have it; throws the refusal where none does. */
function copyOf({ spec, exact, perhaps }: WantedSockets, holders: readonly Holder[]): TakenListener | undefined {
  let refusal: Error | undefined;
  for (const inode of [...exact, ...perhaps]) {
    for (const holder of holders) {
      try {
        const listener = takenFrom(holder, inode, spec);
        if (listener === undefined) continue;
        if (exact.includes(inode) || !listener.isOnlyIpv6) return listener;
        listener.close();
      } catch (error) {
        if (!isSystemError(error)) throw error;
        refusal ??= error;
      }
    }
  }
  if (refusal !== undefined) throw refusal;
  return undefined;
}

function takenFrom(holder: Holder, inode: string, spec: ListenerSpec): TakenListener | undefined {
  const copy = copySocket(holder, inode);
  return copy === undefined ? undefined : new TakenListener(copy, spec.kind === 'unix' ? spec.path : undefined);
}
