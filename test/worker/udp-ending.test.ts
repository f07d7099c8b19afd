/** What becomes of datagrams when a worker ends. What it has not taken, test/servers/udp.test.ts sees the next one take. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { listen, type ListenOptions } from '../../src/worker/index.js';
import { eventually } from '../helpers/eventually.js';
import { givenSockets } from '../helpers/processes/given-sockets.js';

t.test('it is closed at once when there is nothing to send', async (t) => {
  const { listening } = await start(t, {});
  await listening.close();
});

t.test('it is closed when the last answer is sent, and not before', async (t) => {
  const { server, listening } = await start(t, {});
  let looks = 0;
  let isClosed = false;
  server.once('close', () => (isClosed = true));
  server.getSendQueueCount = () => (looks < 3 && ++looks < 3 && !isClosed ? 1 : 0);
  await listening.close();
  t.equal(looks, 3);
});

t.test('it is open and takes datagrams until the program has done its part', async (t) => {
  let finish: (() => void) | undefined;
  const drain = () => new Promise<void>((resolve) => (finish = resolve));
  const { listening, ask } = await start(t, { drain });
  const closed = listening.close();
  t.equal(await ask('still there?'), 'still there? yes');
  await eventually('the drain', () => finish !== undefined);
  finish?.();
  await closed;
});

t.test('a part that fails, or takes too long, does not keep it open', async (t) => {
  const failing = await start(t, { drain: () => Promise.reject(new Error('no')) });
  await t.rejects(failing.listening.close(), { message: 'no' });
  const slow = await start(t, { drain: () => new Promise(() => undefined), limit: 50 });
  await slow.listening.close();
});

t.test('the program may close it itself, early or late', async (t) => {
  const { server, listening } = await start(t, {});
  server.close();
  await Promise.all([listening.closed, listening.retired]);
  await listening.close();
  const late = await start(t, { drain: () => late.server.close() });
  await late.listening.close();
});

t.test('IPv6', async (t) => {
  givenSockets(t, ['[::1]:8080', 'udp6']);
  const listening = await listen(createSocket('udp6'), '[::1]:8080');
  t.match(listening.address, { address: '::1', family: 'IPv6' });
  await listening.close();
});

/** A socket that answers yes, and a client of it. */
async function start(t: Test, options: ListenOptions) {
  givenSockets(t, ['8080', 'udp']);
  const server = createSocket('udp4');
  server.on('message', (message, { port, address }) => server.send(`${String(message)} yes`, port, address));
  const listening = await listen(server, 8080, options);
  const client = createSocket('udp4');
  t.teardown(() => client.close());
  const ask = async (text: string) => {
    client.send(text, server.address().port, '127.0.0.1');
    const [answer] = (await once(client, 'message')) as [Buffer];
    return String(answer);
  };
  return { server, listening, ask };
}
