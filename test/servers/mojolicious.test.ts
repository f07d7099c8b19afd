import t from 'tap';
import { withoutPerlModule } from '../helpers/place/installed.js';
import { fixture } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

// Told to end by TERM, it drops what it is doing, as its manual says. The daemon that is no prefork knows no other end.
const options = ['--signal-on-hup=QUIT', '--signal-on-term=QUIT'];
const worker = ['perl', fixture('mojo.pl'), 'prefork', '--listen=http://127.0.0.1?fd=3'];
const skip = withoutPerlModule('Mojolicious');

t.test('swaps of Mojolicious lose no request', { skip }, async (t) => {
  await losesNothing(t, { worker, options, descriptor: 3, onKept: 50 });
});
