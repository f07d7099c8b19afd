import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { restartServer, startServer, stopServer } from '../../src/index.js';
import { eventually } from '../helpers/eventually.js';
import { idleWorker } from '../helpers/running/library.js';
import { Run } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';

t.test('the command is restarted and stopped', async (t) => {
  const directory = workspace(t);
  const [pidFile, statusFile] = [join(directory, 'pid'), join(directory, 'status')];
  const run = new Run(t, [
    '--interval=0',
    `--pid-file=${pidFile}`,
    `--status-file=${statusFile}`,
    '--',
    'sleep',
    '100',
  ]);
  await eventually('the status file', () => existsSync(statusFile), { seen: () => run.stderr });
  await restartServer({ pidFile, statusFile });
  t.equal(run.workers.length, 2);
  await stopServer({ pidFile });
  t.same(await run.ended(), { code: 0, signal: null });
});

t.test('the library is restarted and stopped from outside, if it handles signals', async (t) => {
  const directory = workspace(t);
  const files = { pidFile: join(directory, '\u00e9.pid'), statusFile: join(directory, 'status') };
  const server = await startServer({ exec: idleWorker, interval: 0, handleSignals: true, ...files });
  t.teardown(() => server.stop());
  await server.started();
  const words = [`--pid-file=${files.pidFile}`, `--status-file=${files.statusFile}`];
  t.same(await new Run(t, ['--restart', ...words]).ended(), { code: 0, signal: null });
  t.equal(server.worker?.generation, 2);
  await server.stop();
  await t.rejects(stopServer(files), {
    message: /^failed to open file:.*\/\u00e9\.pid:No such file or directory/,
    exitCode: 2,
  });
  await t.rejects(restartServer(files), { message: /:No such file or directory/, exitCode: 2 });
});

t.test('the library offers a control socket, and uses one', async (t) => {
  const control = join(workspace(t), '\u00e9.control');
  const server = await startServer({ exec: idleWorker, interval: 0, control });
  t.teardown(() => server.stop());
  await server.started();
  await restartServer({ control, timeout: 90 });
  t.equal(server.worker?.generation, 2);
  t.match(await new Run(t, ['--show-status', `--control=${control}`]).ended(), { code: 0 });
  await stopServer({ control });
  t.equal(await server.ended, 0);
  await t.rejects(restartServer({ control }), {
    message: /^failed to connect to control socket:.*\/\u00e9.control:No such file or directory/,
    exitCode: 1,
  });
  await t.rejects(stopServer({}), { name: 'TypeError', message: 'nothing says where it is; give control or pidFile' });
});

t.test('a program with a server in it is not upgraded: it alone can replace itself', async (t) => {
  const control = join(workspace(t), 'c');
  const server = await startServer({ exec: idleWorker, interval: 0, control });
  t.teardown(() => server.stop());
  await server.started();
  const asked = new Run(t, ['--upgrade', `--control=${control}`]);
  t.same(await asked.ended(), { code: 75, signal: null });
  t.match(asked.stderr, /^this start_server is a part of another program, which alone can replace itself; /);
  t.equal(server.worker?.generation, 1);
});

t.test('without a target', async (t) => {
  for (const act of [restartServer, stopServer]) {
    const untyped = act as (target?: unknown) => Promise<void>;
    await t.rejects(untyped(), { name: 'TypeError', message: /^nothing says where it is; give control/ });
    await t.rejects(untyped({}), { name: 'TypeError' });
  }
});
