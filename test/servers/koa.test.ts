import t from 'tap';
import { example } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

const worker = [process.execPath, example('koa-worker.js')];

t.test('three swaps of a koa application lose no request', async (t) => {
  await losesNothing(t, { worker, hups: 3, onKept: 50 });
});
