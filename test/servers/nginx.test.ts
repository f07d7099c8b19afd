import t from 'tap';
import { withoutCommand } from '../helpers/place/installed.js';
import { example, fixture } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

// At TERM nginx drops what it is doing; QUIT waits. examples/nginx/nginx.conf tells why connections are not kept.
t.test('swaps of nginx lose no request', { skip: withoutCommand('nginx') }, async (t) => {
  await losesNothing(t, {
    worker: ([port]) => [fixture('with-config.sh'), example('nginx/nginx.conf'), String(port), example('nginx/run')],
    options: ['--signal-on-hup=QUIT', '--signal-on-term=QUIT'],
  });
});
