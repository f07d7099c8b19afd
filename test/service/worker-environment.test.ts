/** A superdaemon that is about to sleep has somebody else watch its envdir, and does not sleep while a change waits to be read. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { WorkerEnvironment } from '../../src/service/worker-environment.js';
import { closeDescriptor } from '../../src/system/engine/descriptors.js';
import { eventually } from '../helpers/eventually.js';
import { workspace } from '../helpers/place/workspace.js';

const skip = process.platform === 'linux' ? false : 'nobody sleeps elsewhere';

t.test('a change that was told, and not read yet, is not forgotten', { skip }, async (t) => {
  const envdir = join(workspace(t), 'env');
  mkdirSync(envdir);
  let told = 0;
  const environment = WorkerEnvironment.read([`ENVDIR=${envdir}`], new Map(), () => (told += 1));
  t.teardown(() => {
    environment.close();
  });
  const quiet = environment.watchForChange();
  t.type(quiet, 'number', 'as long as nothing happens, somebody else can watch');
  closeDescriptor(Number(quiet));
  writeFileSync(join(envdir, 'A'), '1');
  await eventually('the change', () => told > 0);
  t.equal(environment.watchForChange(), 'changed');
  t.equal(told, 1, 'it was told before');
  environment.reload();
  t.equal(environment.lookUp('A'), '1');
  const again = environment.watchForChange();
  t.type(again, 'number');
  closeDescriptor(Number(again));
  t.end();
});
