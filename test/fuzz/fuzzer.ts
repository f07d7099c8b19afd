/**
 * A small fuzzer guided by coverage: what reaches code that nothing before has reached is changed further. It costs no
 * package: those that instrument programs bring some eighty others and a binary of their own.
 */
import { Coverage } from './coverage.js';
import { mutate, pick, randomFrom } from './mutate.js';

/** A parser and what it promises for every byte string. */
export interface Target {
  readonly name: string;
  /** Well-formed inputs and near misses, to begin with. */
  readonly seeds: readonly string[];
  /** Words of the grammar. */
  readonly tokens: readonly string[];
  /** Throws when a promise is broken. */
  readonly check: (input: string) => void;
}

export interface Findings {
  readonly runs: number;
  /** Inputs that reached new code, in the order in which they were found. */
  readonly kept: readonly string[];
  /** The smallest input found that breaks a promise. */
  readonly broken: { readonly input: string; readonly error: unknown } | undefined;
}

/** How many inputs run between two looks at the coverage, of which one may take a tenth of a second: ever more. */
const [firstBatch, longestBatch] = [64, 4096];

/** Milliseconds of processor time that one input may take; all are short, so this is a matter of backtracking. */
const patience = 500;

export interface Effort {
  readonly seconds: number;
  /** The same seed tries the same inputs. */
  readonly seed: number;
  /** Whether to look for inputs to keep; it is what takes most of the time. */
  readonly guided: boolean;
}

/** Runs for some seconds, at least with one batch of new inputs, or until a promise is broken. */
export function fuzz(target: Target, corpus: readonly string[], { seconds, seed, guided }: Effort): Findings {
  const random = randomFrom(seed);
  const population = [...target.seeds, ...corpus];
  const coverage = guided ? new Coverage() : undefined;
  const kept: string[] = [];
  const end = performance.now() + seconds * 1000;
  let runs = 0;
  try {
    const known = firstBroken(target, population);
    if (known !== undefined) return { runs: population.length, kept, broken: known };
    coverage?.fresh();
    for (let size = firstBatch; runs === 0 || performance.now() < end; size = Math.min(2 * size, longestBatch)) {
      const batch = Array.from({ length: size }, () =>
        mutate(pick(population, random), pick(population, random), target.tokens, random),
      );
      const broken = firstBroken(target, batch);
      if (broken !== undefined) return { runs, kept, broken: smallest(target, broken) };
      runs += size;
      const found = coverage === undefined ? [] : reachingMore(target, batch, coverage);
      population.push(...found);
      kept.push(...found);
    }
    return { runs, kept, broken: undefined };
  } finally {
    coverage?.close();
  }
}

type Broken = NonNullable<Findings['broken']>;

function firstBroken(target: Target, inputs: readonly string[]): Broken | undefined {
  for (const input of inputs) {
    const broken = brokenBy(target, input);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

function brokenBy({ check }: Target, input: string): Broken | undefined {
  const before = process.cpuUsage();
  try {
    check(input);
  } catch (error) {
    return { input, error };
  }
  const { user } = process.cpuUsage(before);
  if (user < patience * 1000) return undefined;
  return { input, error: new Error(`it took ${String(Math.round(user / 1000))} ms of processor time`) };
}

/** Those of inputs that have just run that reached new blocks, found by halves. */
function reachingMore(target: Target, inputs: readonly string[], coverage: Coverage): readonly string[] {
  const blocks = coverage.fresh();
  if (blocks.length === 0 || inputs.length === 1) return blocks.length === 0 ? [] : inputs;
  coverage.forget(blocks);
  const middle = inputs.length >> 1;
  return [inputs.slice(0, middle), inputs.slice(middle)].flatMap((half) => {
    for (const input of half) target.check(input);
    return reachingMore(target, half, coverage);
  });
}

/** Takes pieces away, halves first, as long as a promise stays broken. */
function smallest(target: Target, broken: Broken): Broken {
  let found = broken;
  for (let size = found.input.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < found.input.length;) {
      const shorter = brokenBy(target, found.input.slice(0, at) + found.input.slice(at + size));
      if (shorter === undefined) at += size;
      else found = shorter;
    }
  }
  return found;
}
