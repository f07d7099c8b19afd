import t from 'tap';
import { example, fixture } from '../helpers/place/samples.js';
import { fiftyClients, losesNothing, swapUnderLoad } from '../helpers/load/swaps.js';

t.test('swaps of a Node http worker lose no request of 50 clients', async (t) => {
  const worker = [process.execPath, example('http-worker.js')];
  await losesNothing(t, { worker, ...fiftyClients, onKept: 50 });
});

t.test('a swap that loses requests is seen', async (t) => {
  const worker = [process.execPath, fixture('stuck-worker.js')];
  const { failures } = await swapUnderLoad(t, { worker, options: ['--signal-on-hup=KILL'], hups: 1, requests: 20 });
  // That of the request that waits, and those of others that were under way by chance.
  t.ok((failures['ECONNRESET'] ?? 0) >= 1, JSON.stringify(failures));
});
