import t from 'tap';
import { withoutPerlModule } from '../helpers/place/installed.js';
import { example } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

const worker = ['perl', example('net-server/server.pl')];

// At TERM its processes drop what they are doing; examples/net-server/server.pl tells what QUIT alone would lose.
const options = ['--signal-on-hup=QUIT'];
const skip = withoutPerlModule('Net::Server::SS::PreFork');

t.test('swaps of a Net::Server::SS::PreFork lose no request', { skip }, async (t) => {
  await losesNothing(t, { worker, options });
});
