import t from 'tap';
import { example } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

const worker = [process.execPath, example('fastify-worker.js')];

t.test('swaps of a fastify server lose no request', async (t) => {
  await losesNothing(t, { worker, onKept: 50 });
});
