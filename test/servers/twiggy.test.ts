import t from 'tap';
import { withoutPerlModule } from '../helpers/place/installed.js';
import { example } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

// At QUIT Twiggy goes on until there is a moment without a request; of TERM it dies at once. It keeps no connection.
const worker = ['plackup', '-s', 'Twiggy', '-E', 'deployment', example('psgi/app.psgi')];
const options = ['--signal-on-hup=QUIT', '--signal-on-term=QUIT'];
const skip = withoutPerlModule('Plack::Handler::Twiggy');

t.test('swaps of Twiggy lose no request', { skip }, async (t) => {
  await losesNothing(t, { worker, options });
});
