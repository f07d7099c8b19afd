/** The client that sends numbered datagrams notices what can go wrong with them. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { DatagramClient } from '../helpers/load/datagrams.js';
import { Load } from '../helpers/load/load.js';
import { freePort } from '../helpers/place/ports.js';

const body = 'generation 7, pid 1\n';

/** A socket on which `answer` is done for every datagram. */
async function serve(t: Test, answer: (socket: Socket, number: string, from: RemoteInfo) => void): Promise<number> {
  const socket = createSocket('udp4', (message, from) => answer(socket, message.toString(), from));
  t.teardown(() => socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket.address().port;
}

async function failures(port: number): Promise<Readonly<Record<string, number>>> {
  const client = (address: number | string) => new DatagramClient(address);
  return (await new Load({ addresses: [port], client, connections: 1, requests: 3 }).settled()).failures;
}

t.test('a refused datagram is a failure', async (t) => {
  t.same(await failures(await freePort()), { ECONNREFUSED: 3 });
});

t.test('a second answer to a number is a failure', async (t) => {
  const port = await serve(t, (socket, number, { port }) => {
    for (const copy of [number, number]) socket.send(`${copy} ${body}`, port, '127.0.0.1');
  });
  t.same(await failures(port), { 'an answer to a number that has one': 2 });
});

t.test('an answer to each number is none', async (t) => {
  const port = await serve(t, (socket, number, { port }) => socket.send(`${number} ${body}`, port, '127.0.0.1'));
  t.same(await failures(port), {});
});
