import t from 'tap';
import { withoutCommand } from '../helpers/place/installed.js';
import { example } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

const worker = [example('haproxy/run'), '-f', example('haproxy/haproxy.cfg')];

// At TERM haproxy drops what it is doing; USR1 waits, and closes kept connections as examples/haproxy/haproxy.cfg says.
const options = ['--signal-on-hup=USR1', '--signal-on-term=USR1'];

t.test('swaps of haproxy lose no request', { skip: withoutCommand('haproxy') }, async (t) => {
  await losesNothing(t, { worker, options, onKept: 50 });
});
