/** The sample worker of `npm start` keeps its part of the contract. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { RawClient } from '../helpers/connections/raw-client.js';

const example = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'examples/http-worker.js');

/** A second lasts ten minutes, so that nothing here depends on how fast the machine is. */
const slowTimers = encodeURIComponent(
  'const set = setTimeout; globalThis.setTimeout = (act, ms) => set(act, 600 * ms)',
);

/** The sample worker with one listening socket as descriptor 3, as start_server gives it. */
async function startWorker(t: Test, more: NodeJS.ProcessEnv = {}): Promise<{ worker: ChildProcess; port: number }> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const { fd } = (listener as unknown as { _handle: { fd: number } })._handle;
  const given = { SERVER_STARTER_PORT: `${String(port)}=3`, SERVER_STARTER_GENERATION: '7' };
  const env = { ...process.env, ...given, ...more };
  const worker = spawn(process.execPath, [example], { env, stdio: ['ignore', 'inherit', 'inherit', fd] });
  t.teardown(() => worker.kill('SIGKILL'));
  listener.close();
  return { worker, port };
}

async function get(port: number): Promise<string> {
  const sent = request({ port, host: '127.0.0.1', agent: false }).end();
  const [response] = (await once(sent, 'response')) as [AsyncIterable<Buffer>];
  return text(response);
}

t.test('it answers with its generation and pid', async (t) => {
  const { worker, port } = await startWorker(t);
  t.equal(await get(port), `generation 7, pid ${String(worker.pid)}\n`);
});

t.test('a request under way when TERM comes is answered, and the worker ends with 0', async (t) => {
  const { worker, port } = await startWorker(t);
  const ended = once(worker, 'exit');
  await get(port);
  const client = connect(port, '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nHost: x\r\n');
  await once(client, 'connect');
  worker.kill('SIGTERM');
  // It has stopped accepting: only the begun request keeps it.
  await eventually('the port is closed', async () => (await get(port).catch(() => 'refused')) === 'refused');
  client.write('\r\n');
  const answer = await text(client);
  t.match(answer, /^HTTP\/1\.1 200 OK\r\nConnection: close\r\n/);
  t.ok(answer.includes(`pid ${String(worker.pid)}`));
  t.same(await ended, [0, null]);
});

t.test('it accepts no more at once, and answers once more on a connection that is kept', async (t) => {
  const { worker, port } = await startWorker(t, { NODE_OPTIONS: `--import=data:text/javascript,${slowTimers}` });
  const ended = once(worker, 'exit');
  const client = new RawClient(t, { port });
  client.ask();
  await client.sees(/keep-alive[^]*pid/);
  worker.kill('SIGTERM');
  await eventually('the port is closed', async () => (await get(port).catch(() => 'refused')) === 'refused');
  t.notOk(client.ended);
  client.ask();
  await client.closed();
  t.match(client.received, /pid[^]*Connection: close\r\n[^]*pid/);
  t.same(await ended, [0, null]);
});

t.test('without sockets it says how it is meant to be started', async (t) => {
  const env = { ...process.env, SERVER_STARTER_PORT: '' };
  const worker = spawn(process.execPath, [example], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  t.match(await text(worker.stderr), 'start me with start_server --port=8080');
});
