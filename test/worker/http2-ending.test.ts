/** What clients of HTTP/2 see of the end, with and without TLS. */
import { once } from 'node:events';
import { connect, constants, createSecureServer, createServer } from 'node:http2';
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import type { Http2Server, Http2ServerRequest, Http2ServerResponse, Http2Stream, ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { listen, type ListenOptions } from '../../src/worker/index.js';
import { eventually } from '../helpers/eventually.js';
import { pskClient, pskServer } from '../helpers/connections/psk.js';
import { RawClient } from '../helpers/connections/raw-client.js';

for (const secure of [false, true]) {
  const kind = secure ? 'with TLS' : 'in the clear';

  t.test(`${kind}: an idle session is told with its next answer`, async (t) => {
    const { listening, client } = await start(t, secure, { grace: 10_000 });
    t.equal(await bodyOf(client.request({ ':path': '/now' })), '/now');
    const closed = listening.close();
    // Sent before the client can know.
    t.equal(await bodyOf(client.request({ ':path': '/late' })), '/late');
    t.ok(client.closed, 'it asks no more on this session');
    await closed;
  });

  t.test(`${kind}: a session that stays idle is closed after the grace`, async (t) => {
    const { listening, client } = await start(t, secure, { grace: 50 });
    const begun = performance.now();
    await listening.close();
    t.ok(performance.now() - begun >= 45);
    await eventually('the end of the session', () => client.destroyed);
  });

  t.test(`${kind}: a session with open streams is told at once, and they are waited for`, async (t) => {
    const { streams, listening, client } = await start(t, secure, { grace: 10_000 });
    const body = bodyOf(client.request({ ':path': '/held' }));
    const stream = await eventually('the stream', () => streams.get('/held'));
    const closed = listening.close();
    await once(client, 'goaway');
    stream.end('at last');
    t.equal(await body, 'at last');
    await closed;
  });

  t.test(`${kind}: at the limit they are cut`, async (t) => {
    const { streams, listening, client } = await start(t, secure, { limit: 50 });
    const request = client.request({ ':path': '/held' });
    const ended = once(request.resume(), 'close');
    await eventually('the stream', () => streams.get('/held'));
    await listening.close();
    await ended;
    t.equal(request.rstCode, constants.NGHTTP2_CANCEL);
  });
}

t.test('a server of requests answers clients of HTTP/1 as node:http does', async (t) => {
  const answer = (request: Http2ServerRequest, response: Http2ServerResponse) => {
    response.end(`over ${request.httpVersion}`);
  };
  const warnings: Error[] = [];
  const warned = (warning: Error) => warnings.push(warning);
  process.on('warning', warned);
  t.teardown(() => process.off('warning', warned));
  const server = createSecureServer({ ...pskServer, allowHTTP1: true }, answer);
  const listening = await listen(server, { port: 0, host: '127.0.0.1', grace: 10_000 });
  const { port } = listening.address as AddressInfo; // of a TCP server
  const old = new RawClient(t, { port }, { secure: true });
  const modern = connect(`https://localhost:${String(port)}`, pskClient);
  t.equal(await bodyOf(modern.request({ ':path': '/' })), 'over 2.0');
  old.ask();
  await old.sees(/keep-alive[^]*over 1.1/);
  const closed = listening.close();
  old.ask();
  await old.sees(/over 1.1[^]*Connection: close[^]*over 1.1/);
  await old.closed();
  t.equal(await bodyOf(modern.request({ ':path': '/' })), 'over 2.0');
  await closed;
  t.same(warnings, [], 'no header that HTTP/2 does not have');
});

t.test('a server of streams stays one: no request is made of them', async (t) => {
  const { server } = await start(t, true, {});
  t.equal(server.listenerCount('request'), 0);
});

/** A server that answers with the path, except `/held`, for which the test does. */
async function start(t: Test, secure: boolean, options: ListenOptions) {
  const streams = new Map<string, ServerHttp2Stream>();
  const server: Http2Server = secure ? createSecureServer(pskServer) : createServer();
  server.on('stream', (stream, { ':path': path = '' }) => {
    streams.set(path, quiet(stream));
    stream.respond({ ':status': 200 });
    if (path !== '/held') stream.end(path);
  });
  const listening = await listen(server, { port: 0, host: '127.0.0.1', ...options });
  const { port } = listening.address as AddressInfo; // of a TCP server
  const scheme = secure ? 'https' : 'http';
  const client: ClientHttp2Session = connect(`${scheme}://127.0.0.1:${String(port)}`, pskClient);
  client.on('error', () => undefined);
  t.teardown(() => {
    client.destroy();
    server.close();
  });
  await once(client, 'connect');
  return { server, streams, listening, client };
}

/** Without a listener the error of a stream that was cut would end the test. */
function quiet<T extends Http2Stream>(stream: T): T {
  stream.on('error', () => undefined);
  return stream;
}

function bodyOf(stream: ClientHttp2Stream): Promise<string> {
  return text(stream.end());
}
