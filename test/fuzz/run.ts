/**
 * npm run fuzz -- [--seconds=60] [--seed=N] [--keep] [PARSER ...]: fuzzes each parser for so long, one after the other,
 * and tells what it found. With --keep, inputs that reach code that the corpus does not reach are added to it, which is a
 * hundred times slower for some. The exit code is 1 when a promise was broken.
 */
import { parseArgs } from 'node:util';
import { readCorpus, writeCorpus } from './corpus.js';
import { fuzz } from './fuzzer.js';
import { targets } from './targets.js';

const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string' }, seed: { type: 'string' }, keep: { type: 'boolean' } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !targets.some((target) => target.name === name));
if (unknown !== undefined) {
  throw new Error(`no parser is called ${unknown}; there are ${targets.map(({ name }) => name).join(', ')}`);
}
/** Longer ones reach the same code in another number of turns, and nobody can read them. */
const longestKept = 400;
const seconds = Number(values.seconds ?? 60);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);

for (const target of targets.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  const corpus = readCorpus(target.name);
  const { runs, kept, broken } = fuzz(target, corpus, { seconds, seed, guided: values.keep === true });
  process.stdout.write(
    `${target.name}: ${String(runs)} inputs in ${String(seconds)} s, seed ${String(seed)}, ` +
      `${values.keep === true ? `${String(kept.length)} kept` : 'none kept'}${broken === undefined ? '' : ', BROKEN'}\n`,
  );
  if (values.keep === true && kept.length > 0)
    writeCorpus(target.name, [...corpus, ...kept.filter(({ length }) => length <= longestKept)]);
  if (broken === undefined) continue;
  process.exitCode = 1;
  process.stdout.write(`${JSON.stringify(broken.input)}\n${String(broken.error)}\n`);
}
