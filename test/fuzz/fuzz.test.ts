/**
 * The parsers keep their promises for the inputs that were kept, for enormous ones, and for some new ones of every run, from
 * FUZZ_SEED. `npm run fuzz` is for more, and .ci/run does so.
 */
import t from 'tap';
import { readCorpus } from './corpus.js';
import { fuzz } from './fuzzer.js';
import { randomFrom } from './mutate.js';
import { targets } from './targets.js';

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);

/** Linux's longest word of a command line or variable. */
const longestWord = 2 ** 17;

/** Repeated, these made a single expression for ports take minutes, and many ports copy a list each. */
const pieces = [
  ' ',
  '0',
  '=',
  '=1',
  ':',
  ';',
  '[',
  ']',
  '1:',
  '1:2\n',
  '_',
  'a',
  '|',
  '\0--port=1',
  '\0--x=',
  'a=1;',
  '\r',
  '[ ',
];

for (const target of targets) {
  const { name, check } = target;
  const corpus = readCorpus(name);

  t.test(`${name}: the corpus`, (t) => {
    t.ok(corpus.length > 0, 'there is one');
    for (const input of [...target.seeds, ...corpus]) t.doesNotThrow(() => check(input), JSON.stringify(input));
    t.end();
  });

  t.test(`${name}: enormous inputs take no second of processor time`, (t) => {
    for (const piece of pieces) {
      const before = process.cpuUsage();
      for (const end of ['', 'x']) check((piece.repeat(longestWord / piece.length) + end).slice(-longestWord));
      const { user } = process.cpuUsage(before);
      t.ok(user < 2e6, `${JSON.stringify(piece)}: ${String(Math.round(user / 1000))} ms`);
    }
    t.end();
  });

  t.test(`${name}: new inputs, seed ${String(seed)}`, (t) => {
    const { runs, broken } = fuzz(target, corpus, { seconds: 0.1, seed, guided: false });
    t.equal(broken, undefined, `${JSON.stringify(broken?.input)}: ${String(broken?.error)}`);
    t.ok(runs > 0, `${String(runs)} inputs`);
    t.end();
  });
}

t.test('the fuzzer finds what it is for', (t) => {
  const wrong = (input: string) => {
    if (/^\d+=a;b/.test(input)) throw new Error('planted');
  };
  const effort = { seconds: 90, seed: 1, guided: false };
  const planted = { name: 'planted', seeds: ['1=c;d'], tokens: ['a', 'b'], check: wrong };
  t.match(fuzz(planted, [], effort).broken, { input: /^\d=a;b$/, error: /planted/ }, 'made small');
  const burn = () => {
    for (const before = process.cpuUsage(); process.cpuUsage(before).user < 6e5;);
  };
  t.match(fuzz({ ...planted, check: burn }, [], effort).broken, { input: '1=c;d', error: /processor time/ });
  const [one, other] = [randomFrom(7), randomFrom(7)];
  t.same([one(1000), one(1000)], [other(1000), other(1000)], 'a seed repeats its inputs');
  t.end();
});
