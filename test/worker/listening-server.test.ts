/** How a process ends that listens by the library, and what the handle of a server tells. */
import { createServer } from 'node:http';
import t, { type Test } from 'tap';
import { listen } from '../../src/worker/index.js';
import { eventually } from '../helpers/eventually.js';
import { givenSockets } from '../helpers/processes/given-sockets.js';
import { freePort } from '../helpers/place/ports.js';
import { Program } from '../helpers/processes/program.js';
import { RawClient } from '../helpers/connections/raw-client.js';
import { fixture } from '../helpers/place/samples.js';
import { Run } from '../helpers/running/starter.js';

const program = fixture('one-server.js');
const success = { code: 0, signal: null };

t.test('TERM waits for a request, a second TERM does not cut it short, and the process ends by itself', async (t) => {
  const { running, client } = await holding(t, {});
  running.signal('SIGTERM');
  await running.sees(/^retired$/m);
  running.signal('SIGTERM');
  const another = await askedAfter(t, running);
  t.equal(another, 'refused');
  t.notOk(client.ended);
  client.socket.destroy();
  t.same(await running.ended(), success);
  t.match(running.output, /^retired\nclosed, handlers of TERM left: 0\n$/m);
});

t.test('the limit ends it', async (t) => {
  const { running, client } = await holding(t, { limit: 50 });
  running.signal('SIGTERM');
  t.same(await running.ended(), success);
  await client.closed();
});

t.test('Ctrl-C while developing ends it at once, whatever is going on', async (t) => {
  const { running } = await holding(t, {});
  running.signal('SIGINT');
  t.same(await running.ended(), success);
  t.match(running.output, /^retired\nclosed/m);
});

t.test('another retire signal leaves TERM what it was', async (t) => {
  const options = { retireSignal: ['SIGQUIT', 'SIGINT'], limit: 50 };
  const quitted = (await holding(t, options)).running;
  const terminated = (await holding(t, options)).running;
  quitted.signal('SIGQUIT');
  terminated.signal('SIGTERM');
  t.same(await quitted.ended(), success);
  t.same(await terminated.ended(), { code: null, signal: 'SIGTERM' });
});

t.test('Ctrl-C under start_server is a retire signal as TERM is', async (t) => {
  const port = await freePort();
  const words = ['--interval=0', `--port=127.0.0.1:${String(port)}`, '--', process.execPath, program];
  const run = new Run(t, words);
  await run.sees(/^starting new worker/);
  const client = new RawClient(t, { port });
  client.ask('/held');
  const seen = () => run.stdout;
  await eventually('the request', () => run.stdout.includes('holds a request'), { seen });
  process.kill(run.workers[0] ?? NaN, 'SIGINT');
  run.signal('SIGINT');
  await eventually('the retirement', () => run.stdout.includes('retired'), { seen });
  await run.sees(/^received INT/);
  t.notOk(client.ended);
  client.socket.destroy();
  t.same(await run.ended(), success);
  t.match(run.stderr, /^exiting$/m);
  t.match(run.stdout, /^closed, handlers of TERM left: 1$/m, 'for those that start_server may send yet');
});

t.test('as many connections may wait as the system allows, unless the program says otherwise', async (t) => {
  const backlogs: unknown[] = [];
  for (const options of [{}, { backlog: 5 }]) {
    givenSockets(t, ['8080', 'tcp']);
    const server = createServer();
    const calls = t.capture(server, 'listen', server.listen.bind(server));
    await (await listen(server, options)).close();
    backlogs.push(...calls().map(({ args }): unknown => args[0]));
  }
  t.match(backlogs, [{ backlog: 65_535 }, { backlog: 5 }]);
});

t.test('the part of the program', async (t) => {
  let parts = 0;
  const drain = () => (parts += 1);
  const place = { port: 0, host: '127.0.0.1' };
  const listening = await listen(createServer(), { ...place, drain });
  t.equal(parts, 0);
  await Promise.all([listening.close(), listening.close()]);
  t.equal(parts, 1);
  const throwing = await listen(createServer(), {
    ...place,
    drain: () => {
      throw new Error('no');
    },
  });
  await t.rejects(throwing.close(), { message: 'no' });
  // Something has to keep the process, which the library does not.
  const other = setInterval(() => undefined, 1000);
  await (await listen(createServer(), { ...place, drain: () => new Promise(() => undefined), limit: 20 })).close();
  clearInterval(other);
});

/** The program with a request that it does not answer. */
async function holding(t: Test, options: object) {
  const running = new Program(t, [program, JSON.stringify(options)]);
  const [, port] = await running.sees(/^port (\d+)$/m);
  const client = new RawClient(t, { port: Number(port) });
  client.ask('/held');
  await running.sees(/^holds a request$/m);
  return { running, client };
}

/** What happens to a client that comes now. */
async function askedAfter(t: Test, running: Program): Promise<string> {
  const [, port] = await running.sees(/^port (\d+)$/m);
  const client = new RawClient(t, { port: Number(port) });
  client.ask();
  await client.closed();
  return client.received === '' ? 'refused' : client.received;
}
