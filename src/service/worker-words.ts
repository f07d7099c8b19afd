import type { HeardPart } from '../core/handover/workers-part.js';
import { whatCounts, type Heard } from '../core/loop/worker-words.js';
import type { Readiness, Told } from '../system/readiness/readiness.js';

/** What workers tell, as far as it is not too much. */
export class WorkerWords {
  #heard: ReadonlyMap<number, Heard>;

  /** Without any readiness, workers cannot tell anything. */
  constructor(
    private readonly ways: { readonly readinesses: readonly Readiness[] },
    heard: HeardPart = [],
  ) {
    this.#heard = new Map(heard.map(({ pid, ...told }) => [pid, told]));
  }

  handOver(): HeardPart {
    return Array.from(this.#heard, ([pid, told]) => ({ pid, ...told }));
  }

  take(now: number): Told {
    const told = this.ways.readinesses.map((readiness) => readiness.take());
    if (told.length === 0) return { words: [], isAll: true };
    const words = told.flatMap((one) => one.words);
    const counting = whatCounts(this.#heard, words, now);
    this.#heard = counting.heard;
    return { words: counting.words, isAll: told.every(({ isAll }) => isAll) };
  }

  /** Once a worker has ended: its pid may be given to another one. */
  forget(pid: number): void {
    for (const readiness of this.ways.readinesses) readiness.forget(pid);
    this.#heard = new Map([...this.#heard].filter(([other]) => other !== pid));
  }
}
