/** Clients of the control socket that stay: whoever wants to change something finds a place, and need not wait for it. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { commanding, controlled, Talk } from '../helpers/running/control-socket.js';
import { saidBy, serving } from '../helpers/running/control.js';
import { eventually } from '../helpers/eventually.js';
import { success } from '../helpers/running/faults.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { staying } from '../helpers/running/status-run.js';
import type { Run } from '../helpers/running/starter.js';

const status = { command: 'status' };
const files = ['--pid-file=pid', '--status-file=st'];

/** Clients that connect one after the other, all send the same, and stay. */
async function talks(t: Test, directory: string, count: number, request?: object): Promise<Talk[]> {
  const clients: Talk[] = [];
  while (clients.length < count) {
    const talk = new Talk(t, directory, request);
    if (await isTaken(talk)) clients.push(talk);
  }
  return clients;
}

/** False where too many wait to be accepted. */
async function isTaken({ socket }: Talk): Promise<boolean> {
  return once(socket, 'connect').then(
    () => true,
    () => false,
  );
}

async function stops(t: Test, run: Run & { readonly directory: string }): Promise<void> {
  t.equal((await saidBy(commanding(t, ['--stop'], run.directory))).code, 0);
  t.same(await run.ended(), { code: 0, signal: null });
}

t.test('clients that ask nothing: the one that has had the most time goes', async (t) => {
  const run = await controlled(t);
  const silent = await talks(t, run.directory, 200);
  await eventually('the first ones to be let go', () => silent.filter(({ ended }) => ended).length >= 200 - 128);
  const error = /^128 clients that came later have not asked either; /;
  t.match(silent[0]?.lines, [{ ok: false, code: 'busy', error }]);
  t.match(await new Talk(t, run.directory, status).all(), [{ ok: true }]);
  t.same(await saidBy(commanding(t, ['--restart'], run.directory)), { code: 0, stderr: '' });
  await stops(t, run);
});

t.test('clients that follow: as many as may', async (t) => {
  const run = await controlled(t);
  const followers = await talks(t, run.directory, 32, { command: 'follow' });
  await Promise.all(followers.map((one) => one.line()));
  const staying = followers.filter(({ lines }) => lines[0]?.['ok'] === true);
  t.equal(staying.length, 16);
  const error = /^16 clients follow, as many as may be; /;
  t.match(followers.at(-1)?.lines, [{ ok: false, code: 'busy', error }]);
  t.same(await saidBy(commanding(t, ['--restart'], run.directory)), { code: 0, stderr: '' });
  // One that may be gone makes room.
  staying[0]?.socket.end();
  await eventually('room', async () => (await new Talk(t, run.directory, { command: 'follow' }).line())['ok'] === true);
  await stops(t, run);
});

t.test('clients that wait: the newest finds a place, and the one that has waited longest is told', async (t) => {
  const run = await controlled(t, [], { options: ['--kill-old-delay=60'] });
  const [first, ...others] = await talks(t, run.directory, 33, { command: 'restart' });
  const error = /^32 clients that came later wait for the same; it was asked for, /;
  t.match(await first?.all(), [{ ok: false, code: 'displaced', error }]);
  await run.says('1:W1 2:W2');
  t.match(await new Talk(t, run.directory, status).all(), [{ ok: true }]);
  await stops(t, run);
  t.match(await others.at(-1)?.all(), [{ ok: false, code: 'stopping' }]);
});

t.test('clients that cancel what takes its time are told so, and wait in the same way', async (t) => {
  const run = await controlled(t, [], { options: ['--interval=3', ...staying] });
  run.signal('SIGHUP');
  await run.sees(/^starting new worker/, 2);
  const cancel = { command: 'cancel' };
  const first = new Talk(t, run.directory, cancel);
  t.match(await first.line(), { progress: 'cancelling' });
  const others = await talks(t, run.directory, 32, cancel);
  t.match(await first.line(2), { ok: false, code: 'displaced' });
  await Promise.all(others.map((one) => one.line()));
  run.kill(2);
  for (const one of others)
    t.match(await one.all(), [{ progress: 'cancelling' }, { ok: true, worker: { generation: 1 } }]);
  t.same(await run.endKilling(1), success);
});

t.test('clients that have their answer and do not go', async (t) => {
  const run = await controlled(t);
  const before = descriptorsOf(run.pid).length;
  for (let count = 0; count < 200; count += 1) {
    const socket = connect({ path: join(run.directory, 'c'), allowHalfOpen: true }).on('error', () => undefined);
    t.teardown(() => socket.destroy());
    socket.write(`${JSON.stringify(status)}\n`);
    await once(socket.resume(), 'end');
  }
  t.ok(descriptorsOf(run.pid).length <= before + 129);
  await stops(t, run);
});

t.test('commands go to the files when the socket has no time for them', async (t) => {
  const run = await serving(t);
  const other = createServer((socket) => socket.end('{"ok":false,"code":"busy","error":"no time"}\n'));
  t.teardown(() => other.close());
  await new Promise<void>((resolve) => other.listen(join(run.directory, 'c'), resolve));
  t.same(await saidBy(commanding(t, ['--stop'], run.directory)), { code: 1, stderr: 'no time\n' });
  t.equal((await saidBy(commanding(t, ['--show-status', ...files], run.directory))).code, 0);
  t.same(await saidBy(commanding(t, ['--restart', ...files], run.directory)), { code: 0, stderr: '' });
  t.equal((await saidBy(commanding(t, ['--stop', ...files], run.directory))).code, 0);
  t.same(await run.ended(), { code: 0, signal: null });
});

t.test('and when so many connect to one that is suspended that no more can', async (t) => {
  const run = await controlled(t);
  run.signal('SIGSTOP');
  await eventually('one that is refused', async () => {
    return !(await isTaken(new Talk(t, run.directory)));
  });
  const refused = await saidBy(commanding(t, ['--stop'], run.directory));
  t.equal(refused.code, 11);
  t.match(refused.stderr, /^failed to connect to control socket:c:Resource temporarily unavailable; /);
  const stop = commanding(t, ['--stop', ...files], run.directory);
  await stop.sees(/stopping now/);
  run.signal('SIGCONT');
  t.equal((await saidBy(stop)).code, 0);
  t.same(await run.ended(), { code: 0, signal: null });
  t.notOk(existsSync(join(run.directory, 'c')));
});
