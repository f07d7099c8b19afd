/** No branch of the decision is left out when it is fuzzed: V8 counts while test/core/step.property.test.ts runs. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { fixture } from '../helpers/place/samples.js';
import { workspace } from '../helpers/place/workspace.js';
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

t.test('every branch was taken', (t) => {
  const file = join(workspace(t), 'uncovered');
  // Each module as a file of its own, as V8 counts them.
  const words = ['--import=tsx', fixture('step-coverage.ts'), file];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  t.equal(status, 0, stdout + stderr);
  const uncovered = new Map(JSON.parse(readFileSync(file, 'utf8')) as [string, string[]][]);
  const parts = partsOf(new URL('step.ts', core).href);
  t.ok(parts.size >= 2);
  for (const part of parts) t.same(uncovered.get(part), [], part.slice(core.href.length));
  const names = [...parts].map((part) => part.slice(core.href.length)).join(', ');
  record({
    injected: 'random events to the model alone',
    times: 1000,
    held: `every invariant, and every branch of ${names} taken`,
  });
  t.end();
});
