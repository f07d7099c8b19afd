import t from 'tap';
import { withoutPerlModule } from '../helpers/place/installed.js';
import { example } from '../helpers/place/samples.js';
import { fiftyClients, losesNothing } from '../helpers/load/swaps.js';

// A kept connection has a process to itself: 25 for those, 10 for the connections of the others. Told to end, Starlet
// answers the next request of a kept connection and closes it with that answer, so none is lost by a client that asks
// again within --keepalive-timeout (2 seconds).
const worker = [
  'plackup',
  '-s',
  'Starlet',
  '-E',
  'deployment',
  '--max-workers=35',
  '--max-keepalive-reqs=100',
  example('psgi/app.psgi'),
];
const skip = withoutPerlModule('Plack::Handler::Starlet');

t.test('swaps of Starlet lose no request of 50 clients', { skip }, async (t) => {
  await losesNothing(t, { worker, ...fiftyClients, onKept: 50 });
});
