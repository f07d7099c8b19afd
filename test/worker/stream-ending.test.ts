/** The end of plain connections, and of TLS ones, on which the library knows nothing of what is said. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import t, { type Test } from 'tap';
import { listen, type ListenOptions } from '../../src/worker/index.js';
import { eventually } from '../helpers/eventually.js';
import { pskServer } from '../helpers/connections/psk.js';
import { RawClient } from '../helpers/connections/raw-client.js';

for (const secure of [false, true]) {
  const kind = secure ? 'tls' : 'net';

  t.test(`${kind}: connections are waited for as long as they last, new ones are not accepted`, async (t) => {
    const { sockets, listening, connect, client } = await start(t, secure, { grace: 10 });
    let isClosed = false;
    void listening.closed.then(() => (isClosed = true));
    void listening.close();
    await connect(t).closed();
    t.equal(sockets.length, 1);
    client.socket.write('ping');
    await client.sees(/^hello,ping$/);
    t.notOk(isClosed);
    client.socket.end();
    await listening.closed;
  });

  t.test(`${kind}: at the limit they are cut`, async (t) => {
    const { listening, client } = await start(t, secure, { limit: 50 });
    await listening.close();
    await client.closed();
    t.equal(client.received, 'hello,');
  });
}

t.test('a limit of 0 cuts at once, one of Infinity never', async (t) => {
  const { listening } = await start(t, false, { limit: 0 });
  await listening.close();
  const endless = await start(t, false, { limit: Infinity });
  let isClosed = false;
  void endless.listening.close().then(() => (isClosed = true));
  endless.client.socket.write('ping');
  await endless.client.sees(/ping/);
  t.notOk(isClosed);
  endless.client.socket.end();
  await endless.listening.closed;
});

t.test('what the program could not finish is told when all connections have ended', async (t) => {
  const { listening, client } = await start(t, false, { drain: () => Promise.reject(new Error('unfinished')) });
  const closed = listening.close();
  await listening.retired;
  client.socket.write('ping');
  await client.sees(/ping/);
  client.socket.end();
  await t.rejects(closed, { message: 'unfinished' });
});

t.test('a TLS handshake that never ends is cut, too', async (t) => {
  const { sockets, server, listening, client } = await start(t, true, { limit: 50 });
  client.socket.end();
  let connections = 0;
  server.on('connection', () => (connections += 1));
  const { port } = listening.address as AddressInfo; // of a TCP server
  const mute = new RawClient(t, { port });
  await eventually('its connection', () => connections === 1);
  await listening.close();
  await mute.closed();
  t.equal(sockets.length, 1);
});

/** A server that greets and echoes, and a client that has been greeted. */
async function start(t: Test, secure: boolean, options: ListenOptions) {
  const sockets: Socket[] = [];
  const greet = (socket: Socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).write('hello,');
    socket.pipe(socket);
  };
  const server: Server = secure ? createTlsServer(pskServer, greet) : createServer(greet);
  const listening = await listen(server, { port: 0, host: '127.0.0.1', ...options });
  t.teardown(() => server.close());
  const { port } = listening.address as AddressInfo; // of a TCP server
  const connect = (t: Test) => new RawClient(t, { port }, { secure });
  const client = connect(t);
  await client.sees(/^hello,$/);
  return { sockets, server, listening, connect, client };
}
