/**
 * What test/reliability and test/security have in common. `npm test` runs them small; scripts/soak.mjs and
 * scripts/attack.mjs run them in full, by SUPERDAEMON_RELIABILITY=full. The soak makes the table of docs/reliability.md
 * from the rows that are recorded here.
 */
import { appendFileSync } from 'node:fs';
import type { Test } from 'tap';

const isFull = process.env['SUPERDAEMON_RELIABILITY'] === 'full';

/** How often something is done. */
export function sized(light: number, full: number): number {
  return isFull ? full : light;
}

/** How long the run of all injections at once lasts, in seconds. */
export function soakSeconds(): number {
  const minutes = Number(process.env['SUPERDAEMON_SOAK_MINUTES'] ?? 0);
  return minutes > 0 ? minutes * 60 : 9;
}

export interface Row {
  /** One word for the sort of injection, by which rows are put in order. */
  readonly injected: string;
  readonly times: number;
  /** What the run has looked at and found. */
  readonly held: string;
}

/** One line of the table of docs/reliability.md. */
export function record(row: Row): void {
  const report = process.env['SUPERDAEMON_RELIABILITY_REPORT'];
  if (report !== undefined) appendFileSync(report, `${JSON.stringify(row)}\n`);
}

/** Random numbers that a printed seed brings back: SUPERDAEMON_SEED=N. */
export class Chance {
  #state: number;

  constructor(t: Test) {
    const given = process.env['SUPERDAEMON_SEED'];
    const seed = given === undefined ? Date.now() % 2 ** 32 : Number(given);
    t.comment(`SUPERDAEMON_SEED=${String(seed)}`);
    this.#state = seed;
  }

  /** A number from 0 up to 1, but never 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to `limit`, but never `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(choices: readonly T[]): T {
    const chosen = choices[this.below(choices.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }
}
