/** What clients of HTTP/1 see of the end, with and without TLS. */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import t, { type Test } from 'tap';
import { listen, type ListenOptions } from '../../src/worker/index.js';
import { eventually } from '../helpers/eventually.js';
import { pskServer } from '../helpers/connections/psk.js';
import { RawClient } from '../helpers/connections/raw-client.js';

/** More than the buffers of the system take. */
const large = 'answer'.repeat(5_000_000);

for (const secure of [false, true]) {
  t.test(secure ? 'https' : 'http', (t) => {
    endings(t, secure);
    t.end();
  });
}

function endings(t: Test, secure: boolean): void {
  const start = (t: Test, answer: RequestListener, options: ListenOptions = {}) => starts(t, secure, answer, options);

  t.test('a request under way is answered, and closes its connection', async (t) => {
    const { answers, handler } = held();
    const { listening, connect } = await start(t, handler);
    const client = connect(t);
    client.ask();
    const response = await eventually('the request', () => answers[0]);
    const closed = listening.close();
    await listening.retired;
    response.end('done');
    await closed;
    await client.closed();
    t.match(client.received, /^HTTP\/1\.1 200 OK\r\nConnection: close\r\n[^]*done/);
  });

  t.test('an idle connection is answered once more, and closed by that', async (t) => {
    const { listening, connect } = await start(t, (_, response) => response.end('answer'), { grace: 10_000 });
    const client = connect(t);
    client.ask();
    await client.sees(/keep-alive[^]*answer/);
    const closed = listening.close();
    client.ask();
    await closed;
    await client.closed();
    t.match(client.received, /answer[^]*Connection: close\r\n[^]*answer/);
  });

  t.test('one that stays idle is closed after the grace, not before', async (t) => {
    const grace = 300;
    const { server, listening, connect } = await start(t, (_, response) => response.end('answer'), { grace });
    server.keepAliveTimeout = 60_000;
    const client = connect(t);
    client.ask();
    await client.sees(/answer/);
    const begun = performance.now();
    await listening.close();
    t.ok(performance.now() - begun >= grace - 5);
    await client.closed();
  });

  t.test('an answer that was being sent ends in peace, and its connection gets the grace', async (t) => {
    const { answers, handler } = held();
    const { server, listening, connect } = await start(t, handler, { grace: 50 });
    server.keepAliveTimeout = 0;
    const client = connect(t);
    client.ask();
    const response = await eventually('the request', () => answers[0]);
    response.write('first,');
    await client.sees(/first,/);
    const closed = listening.close();
    // The grace is for idle connections.
    const begun = performance.now();
    await eventually('the end of the grace', () => performance.now() > begun + 100);
    t.notOk(client.ended);
    response.end('second');
    await closed;
    await client.closed();
    t.match(client.received, /keep-alive[^]*first,[^]*second/);
  });

  t.test('the limit cuts what hangs, upgraded connections too', async (t) => {
    const { answers, handler } = held();
    const { server, listening, connect } = await start(t, handler, { limit: 100, grace: 10 });
    server.on('upgrade', (_, socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
    const clients = [connect(t), connect(t)] as const;
    clients[0].ask();
    clients[1].socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n');
    await clients[1].sees(/101/);
    await eventually('the request', () => answers[0]);
    await listening.close();
    await Promise.all(clients.map((client) => client.closed()));
    t.equal(clients[0].received, '');
  });

  t.test('a connection on which nothing was ever said is closed after the grace, half a request is not', async (t) => {
    const { server, listening, connect } = await start(t, (_, response) => response.end('answer'), { grace: 100 });
    const [silent, slow] = [connect(t), connect(t)];
    const sockets: Socket[] = [];
    server.on(secure ? 'secureConnection' : 'connection', (socket: Socket) => sockets.push(socket));
    slow.socket.write('GET / HT');
    await eventually('half a request', () => sockets.length === 2 && sockets.some(({ bytesRead }) => bytesRead === 8));
    const closed = listening.close();
    await silent.closed();
    slow.socket.write('TP/1.1\r\nHost: x\r\n\r\n');
    await closed;
    await slow.sees(/Connection: close[^]*answer/);
  });

  t.test('a request that comes while the program is busy for the whole grace is answered', async (t) => {
    const { listening, connect } = await start(t, (_, response) => response.end('answer'), { grace: 20 });
    const client = connect(t);
    client.ask();
    await client.sees(/keep-alive[^]*answer/);
    const closed = listening.close();
    // Timers come next, before anything is read.
    setImmediate(() => {
      client.ask();
      const begun = performance.now();
      while (performance.now() < begun + 50);
    });
    await closed;
    await client.closed();
    t.match(client.received, /answer[^]*Connection: close\r\n[^]*answer/);
  });

  t.test('an answer that takes longer than the grace to be sent is sent', async (t) => {
    const { listening, connect } = await start(t, (_, response) => response.end(large), { grace: 10 });
    const client = connect(t);
    client.socket.once('data', () => client.socket.pause());
    client.ask();
    await client.sees(/answer/);
    const closed = listening.close();
    const begun = performance.now();
    await eventually('the end of the grace', () => performance.now() > begun + 50);
    client.socket.resume();
    await closed;
    await client.closed();
    t.ok(client.received.endsWith(large));
  });

  t.test('an answer before the end of its request reaches a client that sends on', async (t) => {
    const { answers, handler } = held();
    const { listening, connect } = await start(t, handler);
    const client = connect(t);
    client.socket.allowHalfOpen = true;
    client.socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${String(large.length)}\r\n\r\n`);
    const response = await eventually('the request', () => answers[0]);
    const { socket } = response;
    const closed = listening.close();
    response.writeHead(413).end('too much');
    await client.sees(/^HTTP\/1\.1 413 [^]*Connection: close\r\n[^]*too much/);
    client.socket.write(large);
    await closed;
    t.ok(socket !== null && socket.bytesRead > large.length);
  });

  t.test('a connection that has been another protocol for a while', async (t) => {
    const { server, listening, connect } = await start(t, (_, response) => response.end('answer'), { grace: 10_000 });
    const connected = secure ? 'secureConnection' : 'connection';
    server.on('upgrade', (_, socket: Socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
      server.emit(connected, socket);
    });
    const client = connect(t);
    client.socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n');
    await client.sees(/101/);
    client.ask();
    await client.sees(/keep-alive[^]*answer/);
    const closed = listening.close();
    client.ask();
    await closed;
    await client.closed();
    t.match(client.received, /answer[^]*Connection: close\r\n[^]*answer/);
  });
}

async function starts(t: Test, secure: boolean, answer: RequestListener, options: ListenOptions = {}) {
  const server: Server = secure ? createSecureServer(pskServer, answer) : createServer(answer);
  const listening = await listen(server, { port: 0, host: '127.0.0.1', ...options });
  t.teardown(() => server.close().closeAllConnections());
  const { port } = listening.address as AddressInfo; // of a TCP server
  return { server, listening, connect: (t: Test) => new RawClient(t, { port }, { secure }) };
}

/** Requests that nobody answers before the test does. */
function held(): { answers: ServerResponse[]; handler: RequestListener } {
  const answers: ServerResponse[] = [];
  return { answers, handler: (_, response) => answers.push(response) };
}
