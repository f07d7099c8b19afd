/** An envdir, and what lies beside it, that changes without end or is larger than any environment. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { EnvdirWatch, readEnvdir } from '../../src/system/files/envdir.js';
import { eventually } from '../helpers/eventually.js';
import { workspace } from '../helpers/place/workspace.js';

/** A directory that is watched, and how often it has told of a change. */
function watched(t: Test, { isThere }: { isThere: boolean }) {
  const parent = workspace(t);
  const directory = join(parent, 'e');
  if (isThere) mkdirSync(directory);
  const seen = { changes: 0 };
  const watch = new EnvdirWatch(() => (seen.changes += 1));
  t.teardown(() => {
    watch.close();
  });
  return { parent, directory, seen, watch };
}

function write(directory: string, times: number): void {
  for (let count = 0; count < times; count += 1) writeFileSync(join(directory, String(count)), 'x');
}

t.test('of changes without end the first is told, and again after the next look', async (t) => {
  const { directory, seen, watch } = watched(t, { isThere: true });
  for (const look of [1, 2]) {
    watch.watch(directory);
    write(directory, 1000);
    await eventually('the change', () => seen.changes > 0);
    t.equal(seen.changes, 1, `look ${String(look)}`);
    seen.changes = 0;
  }
});

t.test('changes without end beside a directory that is not there count as one, a few do not', async (t) => {
  const { parent, directory, seen, watch } = watched(t, { isThere: false });
  watch.watch(directory);
  write(parent, 10);
  mkdirSync(directory);
  await eventually('the change', () => seen.changes > 0);
  rmSync(directory, { recursive: true });
  watch.watch(directory);
  write(parent, 1000);
  await eventually('the end of patience', () => seen.changes > 1);
  t.equal(seen.changes, 2);
});

t.test('of more than the system takes, only enough is kept for it to refuse', (t) => {
  const directory = workspace(t);
  for (let count = 0; count < 50; count += 1) writeFileSync(join(directory, `V${String(count)}`), 'x'.repeat(2 ** 18));
  const kept = [...readEnvdir(directory).values()].join('').length;
  t.ok(kept > 6 * 2 ** 20 && kept < 9 * 2 ** 20, String(kept));
  t.end();
});
