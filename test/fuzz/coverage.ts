import { Session, type Profiler } from 'node:inspector';

/** Which blocks of src have run, by V8's own count: an input that reaches a new one is worth keeping. */
export class Coverage {
  readonly #session = new Session();
  readonly #seen = new Set<string>();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** The blocks that have run for the first time since it was last asked. */
  fresh(): readonly string[] {
    const found: string[] = [];
    // The session is of this very thread, so the answer is there when the call returns.
    this.#session.post('Profiler.takePreciseCoverage', (_, { result }) => {
      for (const script of result) if (script.url.includes('/src/')) found.push(...this.#note(script));
    });
    return found;
  }

  /** As if these had never run. */
  forget(blocks: readonly string[]): void {
    for (const block of blocks) this.#seen.delete(block);
  }

  close(): void {
    this.#session.disconnect();
  }

  #note({ url, functions }: Profiler.ScriptCoverage): string[] {
    const blocks = functions
      .flatMap(({ ranges }) => ranges)
      .filter(({ count }) => count > 0)
      .map(({ startOffset, endOffset }) => `${url}:${String(startOffset)}:${String(endOffset)}`)
      .filter((block) => !this.#seen.has(block));
    for (const block of blocks) this.#seen.add(block);
    return blocks;
  }
}
