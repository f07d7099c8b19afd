import t from 'tap';
import { Http2Client } from '../helpers/load/http2-client.js';
import { example } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

const worker = [process.execPath, example('http2-worker.js')];
const load = { client: (address: number | string) => new Http2Client(address), connections: 20 };

t.test('three swaps of an HTTP/2 server lose no request of clients that make one at a time', async (t) => {
  await losesNothing(t, { worker, load, hups: 3, onKept: 50 });
});
