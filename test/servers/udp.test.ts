import t from 'tap';
import { DatagramClient } from '../helpers/load/datagrams.js';
import { example } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

const worker = [process.execPath, example('udp-worker.js')];
const load = { client: (address: number | string) => new DatagramClient(address) };

// UDP itself promises nothing: what does not fit into the socket's buffer while nobody reads it is dropped, and a worker
// that is killed takes along what it has read. Here 50 clients with a datagram each under way never fill the buffer.
t.test('in swaps no datagram is refused, and each is answered exactly once', async (t) => {
  await losesNothing(t, { worker, load, sockets: ['udp'] });
});
