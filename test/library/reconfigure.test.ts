/** Other options for a server that runs. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { workspace } from '../helpers/place/workspace.js';
import { httpWorker, idleWorker, started } from '../helpers/running/library.js';

t.test('other sockets and another program, and what both have goes on', async (t) => {
  const path = join(workspace(t), 's');
  const server = await started(t, { port: '127.0.0.1:0' });
  await server.started();
  const [before] = server.listeners;
  const worker = await server.reconfigure({ exec: httpWorker, port: '127.0.0.1:0', path });
  t.equal(worker.generation, 2);
  t.match(await (await fetch(server.url)).text(), /^generation 2/);
  t.equal(server.listeners[0]?.port, before?.port, 'the same socket');
  t.equal(server.listeners[1]?.address, path);
  t.same(server.workers, [worker]);
  await server.reconfigure({ exec: idleWorker, port: '127.0.0.1:0' });
  t.notOk(existsSync(path));
  await server.stop();
});

t.test('what is refused, fails or is aborted changes nothing', async (t) => {
  const server = await started(t, { port: '127.0.0.1:0' });
  const worker = await server.started();
  const { listeners } = server;
  const missing = server.reconfigure({ exec: ['sh', '-c', 'exit 3'], port: '127.0.0.1:0' });
  await t.rejects(missing, {
    exitCode: 75,
    message: /^the new command line has failed: generation 2, .* exit code 3 /,
  });
  await t.rejects(server.reconfigure({ exec: idleWorker, path: '/no/s' }), { message: /^failed to listen to file/ });
  await t.rejects(server.reconfigure({ exec: idleWorker, pidFile: 'x' }), { message: /^--pid-file cannot change/ });
  await t.rejects(server.reconfigure({ exec: idleWorker, env: {} } as never), { message: /^option env cannot change/ });
  await t.rejects(server.reconfigure({ exec: [] } as never), TypeError);
  const abort = new AbortController();
  const slow = server.reconfigure({ exec: idleWorker, interval: 60, signal: abort.signal });
  setImmediate(() => {
    abort.abort(new Error('no time'));
  });
  await t.rejects(slow, { message: 'no time' });
  t.same(server.listeners, listeners);
  t.same(server.worker, worker);
  await server.stop();
  await t.rejects(server.reconfigure({ exec: idleWorker }), { message: /^the server ended/ });
});

t.test('a stop meanwhile rejects', async (t) => {
  const server = await started(t);
  await server.started();
  const slow = server.reconfigure({ exec: idleWorker, interval: 60 });
  const refused = t.rejects(slow, { message: /^start_server is about to end/ });
  await server.stop();
  await refused;
});
