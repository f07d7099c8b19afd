/**
 * Processes that a worker has left when it ended, and that serve on: nobody ends them, and a start after us finds the
 * address in use.
 */
import type { OutlivingPart } from '../core/handover/workers-part.js';
import { outliving } from '../core/workers/outliving.js';
import { liveWorkers, type State } from '../core/loop/state.js';
import type { Step } from '../core/loop/step.js';
import type { Event } from '../core/loop/types.js';
import { messages } from '../core/loop/messages.js';
import { idle } from '../system/processes/process.js';
import { topHolders } from '../system/sockets/top-holders.js';
import type { Listeners } from './listeners.js';
import type { Say } from './say.js';

/** How many milliseconds the processes of a worker may take to end after it. */
const patience = 2000;

export class OutlivingWorkers {
  #living: readonly number[] = [];
  #isLookedFor = false;
  #isClosed = false;
  readonly #told = new Set<number>();

  constructor(
    private readonly listeners: Pick<Listeners, 'all'>,
    private readonly say: Say,
    { living, told }: OutlivingPart = { living: [], told: [] },
  ) {
    this.#living = living;
    for (const pid of told) this.#told.add(pid);
  }

  handOver(): OutlivingPart {
    return { living: this.#living, told: [...this.#told] };
  }

  /** The pids of those that live at this moment. */
  get pids(): number[] {
    const descriptors = this.listeners.all.map(({ listener }) => listener.descriptor);
    return descriptors.length === 0 ? [] : outliving(topHolders(descriptors), this.#living);
  }

  /** To be told of every decision when it has been carried out. */
  observe(_before: State, event: Event, { state }: Step): void {
    this.#living = liveWorkers(state).map(({ pid }) => pid);
    if (event.type === 'died' && !this.#isLookedFor) void this.#look();
  }

  close(): void {
    this.#isClosed = true;
  }

  async #look(): Promise<void> {
    this.#isLookedFor = true;
    await idle(patience);
    this.#isLookedFor = false;
    if (this.#isClosed) return;
    const found = this.pids.filter((pid) => !this.#told.has(pid));
    if (found.length > 0) this.say(messages.workersOutlive(found));
    for (const pid of found) this.#told.add(pid);
  }
}
