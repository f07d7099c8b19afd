import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import { startServer } from '../../src/index.js';
import { eventually } from '../helpers/eventually.js';
import { httpWorker, idleWorker, next, notes, started } from '../helpers/running/library.js';
import { freePort, isFree } from '../helpers/place/ports.js';
import { workspace } from '../helpers/place/workspace.js';
import { procFile } from '../helpers/processes/proc-file.js';

const signalNames = ['SIGHUP', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGUSR1', 'SIGCHLD'] as const;

function handlers(): number[] {
  return signalNames.map((name) => process.listenerCount(name));
}

t.test('a program on a port that the system chooses', async (t) => {
  const server = await started(t, { exec: httpWorker, port: '127.0.0.1:0' });
  t.match(await (await fetch(server.url)).text(), /^generation 1, pid \d+\n$/);
  const [tcp] = server.listeners;
  const [udp] = (await started(t, { port: 'u0' })).listeners;
  t.match(tcp, {
    kind: 'tcp',
    key: '127.0.0.1:0',
    address: '127.0.0.1',
    url: `http://127.0.0.1:${String(tcp?.port)}/`,
  });
  t.match(udp, { kind: 'udp', key: '0', address: '0.0.0.0', url: undefined });
  t.ok((udp?.port ?? 0) > 0);
  t.equal(await server.stop(), 0);
  t.ok(await isFree(tcp?.port ?? 0));
});

t.test('on a unix socket', async (t) => {
  const path = join(workspace(t), '\u00e9.sock');
  const server = await started(t, { exec: httpWorker, path });
  t.same(server.listeners, [{ kind: 'unix', key: path, address: path, port: undefined, url: undefined }]);
  const [response] = (await once(get({ socketPath: path }), 'response')) as [IncomingMessage];
  t.match(await text(response), /^generation 1/);
  t.throws(() => server.url, { message: 'the server has no TCP socket; give option port, 0 for one that is free' });
  await server.stop();
  t.notOk(existsSync(path));
});

t.test('addresses for clients of this machine', async (t) => {
  const table: [port: string, url: RegExp][] = [
    ['0', /^http:\/\/127\.0\.0\.1:\d+\/$/],
    ['[::]:0', /^http:\/\/\[::1\]:\d+\/$/],
    ['[::1]:0', /^http:\/\/\[::1\]:\d+\/$/],
    ['localhost:0', /^http:\/\/127\.0\.0\.1:\d+\/$/],
  ];
  for (const [port, url] of table) t.match((await started(t, { port })).url, url);
});

t.test('reload replaces the worker, and the events tell it', async (t) => {
  const server = await started(t);
  const noted = notes(server);
  t.equal(server.worker, undefined);
  const first = await server.started();
  t.same(server.worker, first);
  const second = await server.reload();
  t.equal(second.generation, 2);
  t.same(server.worker, second);
  await eventually('the end of the first', () => server.workers.length === 1);
  t.equal(await server.stop(), 0);
  t.equal(await server.stop(), 0, 'once more');
  t.same(server.workers, []);
  t.same(noted.slice(-7), [
    ...['started 1', 'spawned 2', 'started 2', 'retired 1 15', 'died 1 15', 'retired 2 15', 'died 2 15'],
  ]);
});

t.test('a worker that fails to start is tried again, and one that dies is replaced', async (t) => {
  const flag = join(workspace(t), 'well');
  const server = await started(t, { exec: ['sh', '-c', `[ -e '${flag}' ] || exit 3; exec sleep 100`] });
  const noted = notes(server);
  await next(server, 'failed');
  writeFileSync(flag, '');
  const { pid, generation } = await server.started();
  process.kill(pid, 'SIGKILL');
  await next(server, 'started');
  t.ok(noted.includes('failed 1 768'));
  t.ok(noted.includes(`died ${String(generation)} 9`));
});

t.test('a reload that is given up', async (t) => {
  const flag = join(workspace(t), 'well');
  writeFileSync(flag, '');
  const server = await started(t, { exec: ['sh', '-c', `[ -e '${flag}' ] || exit 3; exec sleep 100`] });
  const { pid } = await server.started();
  chmodSync(flag, 0o600);
  spawnSync('rm', [flag]);
  const giveUp = new AbortController();
  server.events.once('failed', () => {
    giveUp.abort(new Error('enough'));
  });
  await t.rejects(server.reload({ signal: giveUp.signal }), { message: 'enough' });
  t.equal(server.worker?.pid, pid, 'the old worker stays');
  const reloaded = server.reload();
  await t.rejects(Promise.all([reloaded, server.stop()]), {
    message: /^the server ended before a new worker had started: generation \d+, pid \d+, exit code 3 /,
    exitCode: 1,
  });
});

t.test('what the command refuses', async (t) => {
  const port = await freePort();
  const holder = await started(t, { port });
  const path = join(workspace(t), 'a.sock');
  const table: [options: object, message: RegExp, exitCode: number][] = [
    [{ port }, new RegExp(`^failed to bind to ${String(port)}:Address already in use`), 98],
    [{ port: 'x' }, /^invalid ``port'' value:x/, 255],
    [{ interval: -1 }, /^--interval: "-1" is too low/, 1],
    [{ path, logFile: '/dev/null/log' }, /^failed to open log file:\/dev\/null\/log: Not a directory/, 20],
    [{ path, statusFile: '/no/\u00e9' }, /^failed to create temporary file:\/no\/\u00e9\.\d+:No such file/, 2],
  ];
  for (const [options, message, exitCode] of table) {
    await t.rejects(startServer({ exec: idleWorker, ...options }), { message, exitCode });
  }
  t.notOk(existsSync(path));
  t.equal((await holder.started()).generation, 1);
});

t.test('no options, as a caller without types may call it', async (t) => {
  const untyped = startServer as (options?: unknown) => Promise<unknown>;
  const message = "startServer needs options; give { exec: ['./app'] }";
  await t.rejects(untyped(), { name: 'TypeError', message });
  await t.rejects(untyped(null), { name: 'TypeError' });
  await t.rejects(untyped({ port: 8080 }), { name: 'TypeError', message: /^option exec is missing/ });
});

t.test('started() tells how the program ended, and what it has said', async (t) => {
  const logFile = join(workspace(t), 'log');
  const exec = ['sh', '-c', "echo 'no caf\u00e9'; exit 3"] as const;
  const server = await startServer({ exec, logFile, interval: 0.5, maxFailures: 2 });
  const failed = {
    message:
      /^the server ended before a new worker had started: generation 2, pid \d+, exit code 3 \(wait status 768\); /,
    exitCode: 69,
    details: ['no caf\u00e9'],
  };
  await t.rejects(server.started(), failed);
  await t.rejects(server.started(), failed, 'also when it has ended');
  t.equal(await server.ended, 69);
});

t.test('many servers, and many that wait for one, are no reason for a warning', async (t) => {
  const warnings: string[] = [];
  const note = ({ message }: Error) => warnings.push(message);
  process.on('warning', note);
  const before = process.listenerCount('exit');
  const servers = await Promise.all(Array.from({ length: 12 }, () => started(t)));
  const one = await started(t);
  t.equal(process.listenerCount('exit'), before + 1, 'one listener for all');
  await Promise.all(Array.from({ length: 12 }, () => one.started()));
  await Promise.all([one, ...servers].map((server) => server.stop()));
  t.equal(process.listenerCount('exit'), before);
  process.off('warning', note);
  t.same(warnings, []);
});

t.test('an AbortSignal', async (t) => {
  const early = AbortSignal.abort(new Error('too late'));
  await t.rejects(startServer({ exec: idleWorker, signal: early }), { message: 'too late' });
  const abort = new AbortController();
  const server = await started(t, { signal: abort.signal });
  await server.started();
  abort.abort();
  t.equal(await server.ended, 0);
});

t.test('the host keeps its signals, and its children', async (t) => {
  const before = handlers();
  const [one, other] = await Promise.all([started(t), started(t)]);
  t.same(handlers(), [...before.slice(0, -1), (before.at(-1) ?? 0) + 1], 'one handler of CHLD for all servers');
  const { stdout } = await promisify(execFile)('sh', ['-c', 'echo well; exit 0']);
  t.equal(stdout, 'well\n');
  process.kill((await one.started()).pid, 'SIGKILL');
  await next(one, 'died');
  t.equal((await other.started()).generation, 1);
  await Promise.all([one.stop(), other.stop()]);
  t.same(handlers(), before);
});

t.test('signals of the host, if asked for', async (t) => {
  const before = handlers();
  const server = await started(t, { handleSignals: true });
  const { pid } = await server.started();
  process.kill(process.pid, 'SIGHUP');
  await next(server, 'started');
  t.not(server.worker?.pid, pid);
  process.kill(process.pid, 'SIGTERM');
  t.equal(await server.ended, 0);
  t.same(handlers(), before);
});

t.test('a log file has the lines and what workers print', async (t) => {
  const logFile = join(workspace(t), 'log');
  const server = await started(t, { logFile, exec: ['sh', '-c', 'echo out; echo error >&2; exec sleep 100'] });
  const log = () => readFileSync(logFile, 'utf8');
  await eventually('both lines', () => /^out\nerror$/m.test(log()), { seen: log });
  await server.stop();
  t.match(log(), /starting new worker \d+\n[^]*\nexiting\n$/);
});

t.test('a logger is ended and reaped', async (t) => {
  const file = join(workspace(t), 'log');
  const server = await started(t, { logFile: `| cat >>'${file}'` });
  await server.started();
  await server.stop();
  t.match(readFileSync(file, 'utf8'), /\nexiting\n$/, 'it has read to the end');
  const children = readFileSync(`/proc/self/task/${String(process.pid)}/children`, 'utf8');
  t.notMatch(
    children
      .split(' ')
      .map((pid) => procFile(pid, 'cmdline'))
      .join(),
    'cat',
  );
});

t.test('an environment of its own', async (t) => {
  const file = join(workspace(t), 'environ');
  const env = { PATH: process.env['PATH'], GREETING: '\u00e9' };
  const server = await started(t, {
    env,
    exec: ['sh', '-c', `env >'${file}.new'; mv '${file}.new' '${file}'; exec sleep 100`],
  });
  await eventually('the environment', () => existsSync(file));
  const names = readFileSync(file, 'utf8').split('\n');
  t.ok(names.includes('GREETING=\u00e9'));
  t.ok(names.includes('SERVER_STARTER_PORT='));
  t.notOk(names.some((line) => line.startsWith('HOME=')));
  await server.stop();
});

t.test('a host that exits tells its workers, and leaves no file', (t) => {
  const directory = workspace(t);
  const host = join(directory, 'host.mts');
  const index = join(import.meta.dirname, '../../src/index.ts');
  const [path, pidFile] = [join(directory, 'a.sock'), join(directory, 'pid')];
  writeFileSync(
    host,
    `import { startServer } from ${JSON.stringify(index)};
     const server = await startServer(${JSON.stringify({ exec: idleWorker, path, pidFile })});
     const { pid } = await server.started();
     process.stdout.write(String(pid), () => process.exit(3));`,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import=tsx', host], { encoding: 'utf8' });
  t.equal(status, 3, stderr);
  t.notOk(existsSync(path) || existsSync(pidFile));
  return eventually('the end of the worker', () => procFile(stdout, 'cmdline') === '');
});

t.test('a worker thread is told to call it elsewhere', async (t) => {
  const library = JSON.stringify(join(import.meta.dirname, '../../dist/index.cjs'));
  const thread = new Worker(
    `require(${library})
       .startServer({ exec: ['true'] })
       .catch(({ message }) => require('node:worker_threads').parentPort.postMessage(message));`,
    { eval: true },
  );
  const [message] = (await once(thread, 'message')) as [string];
  t.match(message, 'startServer works in the main thread only');
  await thread.terminate();
});
