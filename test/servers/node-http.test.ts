import { join } from 'node:path';
import t from 'tap';
import { swapUnderLoad } from '../helpers/load/swaps.js';

const worker = [process.execPath, join(import.meta.dirname, '../../examples/http-worker.js')];

t.test('20 swaps of a Node http worker lose no request of 50 clients', async (t) => {
  const { requests, onKept, failures, generations } = await swapUnderLoad(t, { worker });
  t.comment(`${String(requests)} requests, ${String(onKept)} of them on kept connections`);
  t.same(failures, {});
  t.ok(requests > 5000);
  t.ok(onKept > 1000);
  t.equal(generations.size, 21, 'every generation has answered');
});

t.test('a swap that loses requests is seen', async (t) => {
  // Without a pause between two requests every client has one under way when the worker is killed.
  const load = { thinking: 0 };
  const { failures } = await swapUnderLoad(t, { worker, options: ['--signal-on-hup=KILL'], load, hups: 1 });
  t.comment(JSON.stringify(failures));
  t.not(Object.keys(failures).length, 0);
});
