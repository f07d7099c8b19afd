/** The load generator of these tests counts everything that can go wrong. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { Load, type LoadReport } from '../helpers/load/load.js';
import { freePort } from '../helpers/place/ports.js';

const nothing: LoadReport = { requests: 0, onKept: 0, failures: {}, generations: new Map(), addresses: new Map() };
const ok = 'HTTP/1.1 200 OK\r\nConnection: close\r\n';
const body = 'generation 7, pid 1\n';

/** Answers every request the same way, once it has arrived. */
async function serve(t: Test, answer: (client: Socket) => void): Promise<number> {
  const server = createServer((client) => client.once('data', () => answer(client))).listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const wrongs: readonly [name: string, answer: (client: Socket) => void, failure: string][] = [
  ['a reset', (client) => client.resetAndDestroy(), 'ECONNRESET'],
  ['no answer', (client) => client.end(), 'ECONNRESET'],
  ['another status', (client) => client.end(`HTTP/1.1 503 Busy\r\nConnection: close\r\n\r\n`), 'status 503'],
  ['a body shorter than said', (client) => client.end(`${ok}Content-Length: 21\r\n\r\n${body}`), 'ECONNRESET'],
  ['half a body', (client) => client.end(`${ok}\r\ngeneration 7`), 'a body of "generation 7"'],
];

for (const [name, answer, failure] of wrongs) {
  t.test(`${name} is a failure`, async (t) => {
    const port = await serve(t, answer);
    const report = await new Load({ addresses: [port], connections: 2, keptAlive: 1, requests: 2 }).settled();
    t.same(report, { ...nothing, requests: 2, failures: { [failure]: 2 } });
  });
}

t.test('a refused connection is a failure', async (t) => {
  const load = new Load({ addresses: [await freePort()], connections: 2, requests: 10 });
  t.same((await load.settled()).failures, { ECONNREFUSED: 10 });
});

t.test('a good answer is none', async (t) => {
  const port = await serve(t, (client) => client.end(`${ok}\r\n${body}`));
  const report = await new Load({ addresses: [port], connections: 3, requests: 10 }).settled();
  t.same(report, { ...nothing, requests: 10, generations: new Map([[7, 10]]), addresses: new Map([[port, 10]]) });
});
