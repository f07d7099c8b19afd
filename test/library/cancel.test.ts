/** A restart that is given up, by the program itself. */
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { workspace } from '../helpers/place/workspace.js';
import { idleWorker, started } from '../helpers/running/library.js';

t.test('who served serves on, and who waits for the new one is told', async (t) => {
  const server = await started(t);
  const worker = await server.started();
  const reconfigured = server.reconfigure({ exec: idleWorker, interval: 60 });
  const withdrawn = t.rejects(reconfigured, { exitCode: 75, message: /^the new command line was cancelled/ });
  await server.cancel();
  await withdrawn;
  const reloaded = server.reload();
  const given = t.rejects(reloaded, { exitCode: 75, message: /^the restart was cancelled/ });
  t.same(await server.cancel(), worker);
  await given;
  t.same(server.workers, [worker]);
  t.equal((await server.reload()).generation, 3, 'the next one is another');
});

t.test('where nothing can be cancelled', async (t) => {
  const server = await started(t, { interval: 60 });
  await t.rejects(server.cancel(), { exitCode: 75, message: /^nothing is cancelled: no other worker serves/ });
  await server.stop();
  await t.rejects(server.cancel(), { message: /^the server ended/ });
});

t.test('a stop comes first', async (t) => {
  const server = await started(t);
  await server.started();
  const cancelled = t.rejects(server.cancel(), { message: /^start_server is about to end/ });
  await server.stop();
  await cancelled;
});

t.test('after a stop nobody is told of a failure that was cancelled before', async (t) => {
  const flag = join(workspace(t), 'well');
  writeFileSync(flag, '');
  const server = await started(t, { exec: ['sh', '-c', `[ -e '${flag}' ] || exit 3; exec sleep 100`] });
  await server.started();
  rmSync(flag);
  const failed = once(server.events, 'failed');
  const given = t.rejects(server.reload(), { exitCode: 75, message: /^the restart was cancelled/ });
  await failed;
  await server.cancel();
  await given;
  await server.stop();
  const message = /^the server ended before a new worker had started: it was told to end; /;
  for (const ask of [() => server.cancel(), () => server.reload()])
    await t.rejects(ask(), { exitCode: 1, message, details: [] });
});
