import type { HeardPart } from '../core/handover/workers-part.js';
import { whatCounts, type Heard } from '../core/loop/worker-words.js';
import type { Readiness, Told } from '../system/readiness/readiness.js';

/** What workers tell, as far as it is not too much. */
export class WorkerWords {
  #heard: ReadonlyMap<number, Heard>;

  /** Without `readiness` workers cannot tell anything. */
  constructor(
    private readonly readiness: Readiness | undefined,
    heard: HeardPart = [],
  ) {
    this.#heard = new Map(heard.map(({ pid, ...told }) => [pid, told]));
  }

  handOver(): HeardPart {
    return Array.from(this.#heard, ([pid, told]) => ({ pid, ...told }));
  }

  take(now: number): Told {
    if (this.readiness === undefined) return { words: [], isAll: true };
    const { words, isAll } = this.readiness.take();
    const counting = whatCounts(this.#heard, words, now);
    this.#heard = counting.heard;
    return { words: counting.words, isAll };
  }

  /** Once a worker has ended: its pid may be given to another one. */
  forget(pid: number): void {
    this.readiness?.forget(pid);
    this.#heard = new Map([...this.#heard].filter(([other]) => other !== pid));
  }
}
