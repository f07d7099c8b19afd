/** From one node to another and back, of those in build/nodes, which `npm run test:nodes` has fetched. */
import { existsSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { room } from '../helpers/place/room.js';
import { plainEnvironment } from '../helpers/running/starter.js';
import { FaultRun, success } from '../helpers/running/faults.js';
import { asleep, upgrade, withoutUpgrade } from '../helpers/running/upgrades.js';

const nodes = ['20', '22', '24', '26'].flatMap((version) => {
  const name = `node-${process.platform}-${process.arch}`;
  const node = join(import.meta.dirname, '../../build/nodes', version, 'node_modules', name, 'bin/node');
  const isRunning = process.versions.node.startsWith(`${version}.`);
  return existsSync(node) ? [{ version, node }] : isRunning ? [{ version, node: process.execPath }] : [];
});
const skip = withoutUpgrade || (nodes.length < 2 && 'there are no nodes in build/nodes');

/** Up and down again. */
const way = [...nodes, ...nodes.slice(0, -1).reverse(), ...nodes.slice(-1)];

for (const options of [[], ['--hibernate=0']])
  t.test(['from node to node and back', ...options].join(', '), { skip }, async (t) => {
    const cwd = room(t);
    const link = join(cwd, 'node');
    const use = (node: string): void => {
      symlinkSync(node, join(cwd, 'next'));
      renameSync(join(cwd, 'next'), link);
    };
    use(way[0]?.node ?? '');
    const env = { ...plainEnvironment(), SUPERDAEMON_NODE: link };
    const words = ['--interval=0', '--port=127.0.0.1:0', '--path=s', ...options, '--', 'sleep', '99'];
    const run = new FaultRun(t, words, { cwd, env });
    await run.sees(/^starting new worker/);
    for (const [index, { version, node }] of way.slice(1).entries()) {
      if (options.length > 0) await asleep(run.pid, () => run.stderr);
      use(node);
      await upgrade(run, index + 1);
      t.match(run.stderr, new RegExp(`to superdaemon \\S+ on node ${version}\\.\\S+\n(?!upgraded)`));
      run.signal('SIGHUP');
      await run.sees(/^old worker \d+ died/, index + 1);
    }
    t.same(await run.stop(), success);
    t.notMatch(run.stderr, 'refused');
  });
