import t from 'tap';
import { example } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

const worker = [process.execPath, example('cluster-worker.js')];

t.test('ten swaps of a node:cluster lose no request', async (t) => {
  const { onKept } = await losesNothing(t, { worker, sockets: ['port', 'path'] });
  t.ok(onKept > 500);
});
