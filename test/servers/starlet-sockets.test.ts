import t from 'tap';
import { withoutPerlModule } from '../helpers/place/installed.js';
import { example } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

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

t.test('swaps of Starlet on a unix socket lose no request', { skip }, async (t) => {
  await losesNothing(t, { worker, sockets: ['path'], onKept: 50 });
});

t.test('swaps of Starlet on two ports and a unix socket lose no request', { skip }, async (t) => {
  await losesNothing(t, { worker, sockets: ['port', 'port', 'path'], onKept: 50 });
});
