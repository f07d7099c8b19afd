import { join } from 'node:path';
import t from 'tap';
import { withoutPerlModule } from '../helpers/place/installed.js';
import { swapUnderLoad } from '../helpers/load/swaps.js';

const app = join(import.meta.dirname, '../fixtures/app.psgi');

// A kept connection has a process to itself: 25 for those, 10 for the connections of the others. Told to end, Starlet
// answers the next request of a kept connection and closes it with that answer, so none is lost by a client that asks
// again within --keepalive-timeout (2 seconds).
const worker = ['plackup', '-s', 'Starlet', '-E', 'deployment', '--max-workers=35', '--max-keepalive-reqs=100', app];
const skip = withoutPerlModule('Plack::Handler::Starlet');

t.test('20 swaps of Starlet lose no request of 50 clients', { skip }, async (t) => {
  const { requests, onKept, failures, generations } = await swapUnderLoad(t, { worker });
  t.comment(`${String(requests)} requests, ${String(onKept)} of them on kept connections`);
  t.same(failures, {});
  t.ok(requests > 5000);
  t.ok(onKept > 1000);
  t.equal(generations.size, 21, 'every generation has answered');
});
