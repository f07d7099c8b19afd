/** Counts what happens to workers since the start, over upgrades and sleep. */
import type { CountersPart } from '../core/handover/workers-part.js';
import type { Step } from '../core/loop/decision.js';
import type { State } from '../core/loop/state.js';
import type { Event } from '../core/loop/types.js';
import { counted, nothingCounted, type Counters } from '../core/report/counters.js';
import { secondsBetween, type CountersReport } from '../core/report/status-report.js';
import { now, timeOf } from '../system/loop/clock.js';

export class RunCounters {
  #counters: Counters;
  /** Monotonic milliseconds. */
  readonly #startedAt: number;

  /** `before` is what the image before has counted. */
  constructor(before?: CountersPart) {
    const { startedAt, ...counters } = before ?? { ...nothingCounted, startedAt: now() };
    this.#startedAt = startedAt;
    this.#counters = counters;
  }

  /** The process has become another image. */
  upgraded(): void {
    this.#counters = { ...this.#counters, upgrades: this.#counters.upgrades + 1 };
  }

  /** To be told of every decision when it has been carried out. */
  observe(before: State, event: Event, decision: Step): void {
    this.#counters = counted(this.#counters, before, event, decision);
  }

  get report(): CountersReport {
    const { failedStarts, unexpectedDeaths, forcedEnds, restarts, failedRestarts, upgrades } = this.#counters;
    const { lastRestart } = this.#counters;
    return {
      startTime: timeOf(this.#startedAt),
      ...{ failedStarts, unexpectedDeaths, forcedEnds, restarts, failedRestarts, upgrades },
      ...(lastRestart && {
        lastRestart: { time: timeOf(lastRestart.at), took: secondsBetween(0, lastRestart.took) },
      }),
    };
  }

  handOver(): CountersPart {
    return { ...this.#counters, startedAt: this.#startedAt };
  }
}
