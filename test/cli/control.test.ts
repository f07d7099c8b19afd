/** --control: what is asked at the socket, and what is answered there. */
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { commanding, controlled, Talk } from '../helpers/running/control-socket.js';
import { saidBy, serving } from '../helpers/running/control.js';
import { failing } from '../helpers/running/first-worker.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { room } from '../helpers/place/room.js';
import { isAlive, Run } from '../helpers/running/starter.js';
import { lingering, staying } from '../helpers/running/status-run.js';
import { workspace } from '../helpers/place/workspace.js';

t.test('the socket is for its user only, for no worker, and goes with the superdaemon', async (t) => {
  const run = await controlled(t, [], { under: ['sh', '-c', 'umask 0; exec "$@"', 'sh'] });
  const path = join(run.directory, 'c');
  t.equal(statSync(path).mode & 0o7777, 0o600);
  t.same(
    descriptorsOf(run.workers[0] ?? NaN).filter((line) => /^(?![0-2] ).*socket/.test(line)),
    [],
  );
  await run.stop();
  t.notOk(existsSync(path));
});

t.test('status', async (t) => {
  const run = await controlled(t, [], { options: ['--path=\u00e9.sock', '--port=127.0.0.1:0'] });
  const [answer, ...more] = await new Talk(t, run.directory, { command: 'status' }).all();
  t.same(more, []);
  t.match(answer, {
    ok: true,
    status: {
      pid: run.pid,
      version: /^\d+\.\d+\.\d+/,
      state: 'running',
      generation: 1,
      workers: [{ generation: 1, pid: run.workers[0], state: 'current', age: Number }],
      listeners: [
        { name: '127.0.0.1:0', kind: 'tcp', address: '127.0.0.1', port: Number },
        { name: '\u00e9.sock', kind: 'unix', address: '\u00e9.sock' },
      ],
    },
  });
  t.notMatch(answer, { status: { lastFailure: Object } });
  await run.stop();
});

t.test('bytes that are no UTF-8 are replaced', async (t) => {
  const cwd = room(t);
  // node cannot hand such a byte over.
  const under = ['sh', '-c', 'start=$1; shift; exec "$start" "--path=$(printf "\\351")" "$@"', 'sh'];
  const run = new Run(t, ['--control=c', '--', 'sleep', '99'], { cwd, under });
  await run.sees(/^starting new worker/);
  const [answer] = await new Talk(t, cwd, { command: 'status' }).all();
  t.match(answer, { status: { listeners: [{ name: '\ufffd' }] } });
  await run.stop();
});

t.test('restart', async (t) => {
  const run = await controlled(t, ['-l', '200']);
  const talk = new Talk(t, run.directory, { command: 'restart', progress: true });
  const answers = await talk.all();
  const worker = { generation: 2, pid: run.workers[1] };
  t.same(answers, [
    { progress: 'started', worker },
    { ok: true, worker },
  ]);
  t.equal(run.status, '2:W2', 'the old one is gone');
  await run.stop();
});

t.test('a restart that another one has overtaken tells its own outcome', async (t) => {
  const run = await controlled(t, [], { options: [lingering] });
  const first = new Talk(t, run.directory, { command: 'restart' });
  await run.sees(/^killing old workers/);
  const second = new Talk(t, run.directory, { command: 'restart' });
  await run.sees(/^killing old workers/, 2);
  for (const old of [1, 2]) run.kill(old);
  t.same(await first.all(), [{ ok: true, worker: { generation: 2, pid: run.workers[1] } }]);
  t.same(await second.all(), [{ ok: true, worker: { generation: 3, pid: run.workers[2] } }]);
  await run.stop();
});

t.test('a restart whose worker has started well, and dies beside the old one', async (t) => {
  const run = await controlled(t, [], { options: ['--kill-old-delay=99'] });
  const talk = new Talk(t, run.directory, { command: 'restart', progress: true });
  t.match(await talk.line(), { progress: 'started', worker: { generation: 2 } });
  run.kill(2);
  t.match(await talk.line(2), { progress: 'failed start', failure: { generation: 2 } });
  t.match(await talk.line(3), { progress: 'started', worker: { generation: 3, pid: run.workers[2] } });
  await run.stop();
});

t.test('a restart whose worker fails', async (t) => {
  const broken = join(workspace(t), 'broken');
  const run = await controlled(t, ['-f', broken], { options: ['--interval=1', '--max-failures=2'] });
  writeFileSync(broken, '');
  const [progress, answer] = await new Talk(t, run.directory, { command: 'restart', progress: true }).all();
  const failure = (generation: number) => ({
    generation,
    pid: run.workers[generation - 1],
    waitStatus: 9 << 8,
    ending: 'exit code 9',
  });
  t.same(progress, { progress: 'failed start', failure: failure(2) });
  t.match(answer, { ok: false, code: 'failed', error: /^the restart has failed: /, serves: true, failure: failure(3) });
  const [report] = await new Talk(t, run.directory, { command: 'status' }).all();
  t.match(report, { status: { workers: [{ generation: 1, state: 'current' }], lastFailure: failure(3) } });
  await run.stop();
});

t.test('stop is answered when all is over', async (t) => {
  const run = await controlled(t, [], { options: staying });
  const [worker = NaN] = run.workers;
  const talk = new Talk(t, run.directory, { command: 'stop' });
  t.same(await talk.line(), { progress: 'stopping', pid: run.pid });
  t.ok(isAlive(worker));
  const refused = new Talk(t, run.directory, { command: 'restart' });
  t.match(await refused.all(), [{ ok: false, code: 'stopping' }]);
  run.kill(1);
  t.same((await talk.all())[1], { ok: true, pid: run.pid });
  t.same(
    [isAlive(worker), ...['pid', 'st', 'c'].map((name) => existsSync(join(run.directory, name)))],
    [...[false, false, false, false]],
  );
  t.same(await run.ended(), { code: 0, signal: null });
});

t.test('reopen logs', async (t) => {
  const run = await controlled(t, [], { options: ['--log-file=log'] });
  const log = join(run.directory, 'log');
  renameSync(log, `${log}.1`);
  t.same(await new Talk(t, run.directory, { command: 'reopen logs' }).all(), [{ ok: true }]);
  t.match(readFileSync(log, 'latin1'), /^received USR1, log file opened again$/m);
  await run.stop();
});

t.test('follow', async (t) => {
  const run = await controlled(t);
  const talk = new Talk(t, run.directory, { command: 'follow' });
  t.same(await talk.line(), { ok: true });
  await run.reload();
  await talk.line(5);
  const [one = NaN, two = NaN] = run.workers;
  t.same(talk.lines.slice(1), [
    { event: 'spawned', generation: 2, pid: two },
    { event: 'started', generation: 2, pid: two },
    { event: 'retired', generation: 1, pid: one, signal: 15 },
    { event: 'died', generation: 1, pid: one, waitStatus: 0, ending: 'exit code 0' },
  ]);
  await run.stop();
  await talk.closed();
});

t.test('what stands at its path', async (t) => {
  const cwd = room(t);
  writeFileSync(join(cwd, 'file'), '');
  const other = createServer().listen(join(cwd, 'c'));
  t.teardown(() => other.close());
  const table: [path: string, code: number, line: RegExp][] = [
    ['c', 98, /^failed to open control socket:c:another process accepts connections there; stop /],
    ['file', 98, /^failed to open control socket:file:something that is no socket is in the way; remove /],
    ['no/c', 2, /^failed to open control socket:no\/c:No such file or directory; give another --control/],
  ];
  for (const [path, code, line] of table) {
    const ended = await failing(t, [`--control=${path}`, '--', 'true'], { cwd });
    t.same([ended.code, existsSync(join(cwd, 'c'))], [code, true], path);
    t.match(ended.stderr.split('\n').at(-2), line);
  }
});

t.test('a stale one is replaced', async (t) => {
  const run = await controlled(t);
  run.signal('SIGKILL');
  run.kill(1);
  await run.ended();
  const again = new Run(t, ['--control=c', '--interval=0', '--', 'sleep', '99'], { cwd: run.directory });
  await again.sees(/^starting new worker/);
  t.match(again.stderr, /^removing existing socket file:c$/m);
  t.same(await saidBy(commanding(t, ['--restart'], run.directory)), { code: 0, stderr: '' });
  await again.stop();
});

t.test('commands that find no socket ask the files', async (t) => {
  const run = await serving(t);
  const files = ['--pid-file=pid', '--status-file=st'];
  t.same(await saidBy(commanding(t, ['--restart', ...files], run.directory)), { code: 0, stderr: '' });
  const { code, stderr } = await saidBy(commanding(t, ['--restart'], run.directory));
  t.equal(code, 1);
  t.match(stderr, /^failed to connect to control socket:c:No such file or directory; no start_server is running there/);
  await run.stop();
});
