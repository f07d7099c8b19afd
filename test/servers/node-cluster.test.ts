import t from 'tap';
import { example } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

const worker = [process.execPath, example('cluster-worker.js')];

t.test('swaps of a node:cluster lose no request', async (t) => {
  await losesNothing(t, { worker, sockets: ['port', 'path'], onKept: 50 });
});
