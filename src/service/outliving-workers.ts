/**
 * Processes that a worker has left when it ended, and that serve on: nobody ends them, and a start after us finds the
 * address in use.
 */
import type { OutlivingPart } from '../core/handover/workers-part.js';
import { outliving } from '../core/workers/outliving.js';
import { endedIn } from '../core/loop/generation-events.js';
import { liveWorkers, type State } from '../core/loop/state.js';
import type { Step } from '../core/loop/step.js';
import type { Event } from '../core/loop/types.js';
import { messages } from '../core/loop/messages.js';
import { isSystemError } from '../system/engine/system-error.js';
import type { Inbox } from '../system/loop/inbox.js';
import { atOnce, inTurns } from '../system/processes/in-turns.js';
import { idle } from '../system/processes/process.js';
import { topHolderSteps } from '../system/sockets/top-holders.js';
import type { Listeners } from './listeners.js';
import type { Say } from './say.js';

/** How many milliseconds the processes of a worker may take to end after it. */
const patience = 2000;

export class OutlivingWorkers {
  #living: () => readonly number[];
  #isLooking = false;
  #deaths = 0;
  #isClosed = false;
  readonly #told = new Set<number>();

  constructor(
    private readonly listeners: Pick<Listeners, 'all'>,
    private readonly inbox: Pick<Inbox, 'lookAround'>,
    private readonly say: Say,
    { living, told }: OutlivingPart = { living: [], told: [] },
  ) {
    this.#living = () => living;
    for (const pid of told) this.#told.add(pid);
  }

  handOver(): OutlivingPart {
    return { living: this.#living(), told: [...this.#told] };
  }

  /** The pids of those that live at this moment. */
  get pids(): number[] {
    return atOnce(this.#steps()) ?? [];
  }

  /** To be told of every decision when it has been carried out. */
  observe(before: State, event: Event, { state }: Step): void {
    this.#living = () => liveWorkers(state).map(({ pid }) => pid);
    if (endedIn(before, event).length === 0) return;
    this.#deaths += 1;
    if (!this.#isLooking) void this.#look();
    this.#isLooking = true;
  }

  close(): void {
    this.#isClosed = true;
  }

  #steps(): Generator<undefined, number[] | undefined> {
    const descriptors = this.listeners.all.map(({ listener }) => listener.descriptor);
    return outlivingSteps(descriptors, () => this.#living());
  }

  async #look(): Promise<void> {
    for (let seen = NaN; seen !== this.#deaths;) {
      await idle(patience);
      const deaths = this.#deaths;
      const found = await this.#lookNow();
      if (found === undefined) continue;
      this.#tell(found);
      seen = deaths;
    }
    this.#isLooking = false;
    this.inbox.lookAround(); // it rests once more, and gives back the memory that the look has taken
  }

  async #lookNow(): Promise<readonly number[] | undefined> {
    return this.#isClosed ? [] : inTurns(this.#steps());
  }

  #tell(pids: readonly number[]): void {
    const found = this.#isClosed ? [] : pids.filter((pid) => !this.#told.has(pid));
    if (found.length > 0) this.say(messages.workersOutlive(found));
    for (const pid of found) this.#told.add(pid);
  }
}

/**
 * The processes that have one of these sockets and are none of our workers, which may end while they are looked for.
 * Undefined where the system refuses to let us look, perhaps for want of a descriptor.
 */
export function* outlivingSteps(
  descriptors: readonly number[],
  living: () => readonly number[],
): Generator<undefined, number[] | undefined> {
  if (descriptors.length === 0) return [];
  const before = living();
  try {
    const holders = yield* topHolderSteps(descriptors);
    return outliving(holders, [...before, ...living()]);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return undefined;
  }
}
