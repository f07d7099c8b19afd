import t from 'tap';
import { withoutPerlModule } from '../helpers/place/installed.js';
import { example } from '../helpers/place/samples.js';
import { fiftyClients, losesNothing } from '../helpers/load/swaps.js';

// QUIT, as Starman's manual says: at TERM its processes drop what they are doing. That alone still loses requests, under
// Perl's start_server as well; examples/psgi/starman.psgi tells why and mends it. It has to be loaded in each process
// (the starman command without --preload-app). A process told to end closes a kept connection between two requests,
// where the next one may be under way already: keep-alive is off, and clients that ask for it are told so.
const worker = ['starman', '--workers=5', '--disable-keepalive', example('psgi/starman.psgi')];
const options = ['--signal-on-hup=QUIT'];
const skip = withoutPerlModule('Plack::Handler::Starman');

t.test('swaps of Starman lose no request of 50 clients', { skip }, async (t) => {
  await losesNothing(t, { worker, options, ...fiftyClients });
});
