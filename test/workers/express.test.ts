import t from 'tap';
import { example } from '../helpers/samples.js';
import { losesNothing } from '../helpers/swaps.js';

const worker = [process.execPath, example('express-worker.js')];
const load = { connections: 20, keptAlive: 10 };

t.test('three swaps of an express application lose no request', async (t) => {
  const { onKept } = await losesNothing(t, { worker, load, hups: 3 });
  t.ok(onKept > 100);
});
