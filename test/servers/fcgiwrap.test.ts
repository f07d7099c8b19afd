import t from 'tap';
import { FastCgiClient } from '../helpers/load/fastcgi.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { fixture } from '../helpers/place/samples.js';
import { swapUnderLoad } from '../helpers/load/swaps.js';

const processes = 5;
const hups = 5;
const worker = ['fcgiwrap', '-c', String(processes)];
const load = {
  client: (address: number | string) => new FastCgiClient(address, { SCRIPT_FILENAME: fixture('cgi.sh') }),
  ...{ connections: 20, keptAlive: 0 },
};

// Its processes do not end with the first one, and know no signal by which they finish what they do.
const options = ['--process-group'];

t.test(
  'a swap of fcgiwrap loses what its processes are doing, and nothing else',
  { skip: withoutCommand('fcgiwrap') },
  async (t) => {
    const { requests, failures, generations } = await swapUnderLoad(t, { worker, options, descriptor: 0, hups, load });
    const lost = Object.values(failures).reduce((sum, times) => sum + times, 0);
    t.comment(`${String(lost)} of ${String(requests)} requests`);
    t.ok(lost <= hups * processes, JSON.stringify(failures));
    t.equal(generations.size, hups + 1, 'every generation has answered');
  },
);
