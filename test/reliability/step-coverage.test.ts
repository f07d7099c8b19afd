/** No branch of the decision is left out when it is fuzzed: V8 counts while test/core/step.property.test.ts runs. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { BranchCoverage } from '../helpers/decision/branch-coverage.js';
import { record } from '../helpers/reliability/reliability.js';

const core = new URL('../../src/core/loop/', import.meta.url);

/** The decision and all that it is made of, but for what it says. */
function partsOf(file: string, found = new Set<string>()): Set<string> {
  if (/\/(types|messages|exit-codes)\.ts$/.test(file) || found.has(file)) return found;
  found.add(file);
  const imports = readFileSync(new URL(file), 'utf8').matchAll(/^(?:import|export) [^;]*? from '\.\/(.*)\.js';$/gm);
  for (const [, name = ''] of imports) partsOf(new URL(`${name}.ts`, core).href, found);
  return found;
}

const coverage = new BranchCoverage();
await import('../core/step.property.test.js');

t.test('every branch was taken', (t) => {
  const uncovered = coverage.take();
  coverage.close();
  const parts = partsOf(new URL('step.ts', core).href);
  t.ok(parts.size >= 2);
  for (const file of parts) t.same(uncovered.get(file), [], file.slice(core.href.length));
  const names = [...parts].map((file) => file.slice(core.href.length)).join(', ');
  record({
    injected: 'random events to the model alone',
    times: 1000,
    held: `every invariant, and every branch of ${names} taken`,
  });
  t.end();
});
