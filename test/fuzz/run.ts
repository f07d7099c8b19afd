/**
 * npm run fuzz -- [--seconds=60] [--seed=N] [--keep] [--share=K/N] [PARSER ...]: fuzzes each parser for so long, one after
 * the other, and tells what it found. With --keep, inputs that reach code that the corpus does not reach are added to it,
 * which is a hundred times slower for some. --share takes every Nth parser from the Kth on, for several processes at a
 * time. The exit code is 1 when a promise was broken.
 */
import { parseArgs } from 'node:util';
import { readCorpus, writeCorpus } from './corpus.js';
import { fuzz } from './fuzzer.js';
import { targets } from './targets.js';

const { values, positionals } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    keep: { type: 'boolean', default: false },
    share: { type: 'string', default: '1/1' },
  },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !targets.some((target) => target.name === name));
if (unknown !== undefined) {
  throw new Error(`no parser is called ${unknown}; there are ${targets.map(({ name }) => name).join(', ')}`);
}
/** Longer ones reach the same code in another number of turns, and nobody can read them. */
const longestKept = 400;
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
const [, first = NaN, shares = NaN] = (/^(\d+)\/(\d+)$/.exec(values.share) ?? []).map(Number);
if (!(first >= 1 && first <= shares)) throw new Error(`a share is K/N, not ${values.share}`);

const chosen = targets.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
for (const target of chosen.filter((_, index) => index % shares === first - 1)) {
  const corpus = readCorpus(target.name);
  const { runs, kept, broken } = fuzz(target, corpus, { seconds, seed, guided: values.keep });
  process.stdout.write(
    `${target.name}: ${String(runs)} inputs in ${String(seconds)} s, seed ${String(seed)}, ` +
      `${values.keep ? `${String(kept.length)} kept` : 'none kept'}${broken === undefined ? '' : ', BROKEN'}\n`,
  );
  if (values.keep && kept.length > 0)
    writeCorpus(target.name, [...corpus, ...kept.filter(({ length }) => length <= longestKept)]);
  if (broken === undefined) continue;
  process.exitCode = 1;
  process.stdout.write(`${JSON.stringify(broken.input)}\n${String(broken.error)}\n`);
}
