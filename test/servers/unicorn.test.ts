import t from 'tap';
import { withoutCommand } from '../helpers/place/installed.js';
import { example, fixture } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

const worker = [example('unicorn/run'), fixture('config.ru')];

// At TERM unicorn drops what it is doing; QUIT waits. It keeps no connections.
const options = ['--signal-on-hup=QUIT', '--signal-on-term=QUIT'];

t.test('swaps of unicorn lose no request', { skip: withoutCommand('unicorn') }, async (t) => {
  await losesNothing(t, { worker, options, sockets: ['port', 'path'] });
});
