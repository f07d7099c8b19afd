/** The store of the service manager: sockets outlive a start_server, and the next one takes them back. */
import { once } from 'node:events';
import { existsSync, unlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/place/ports.js';
import { workspace } from '../helpers/place/workspace.js';
import type { ManagedRun } from '../helpers/systemd/managed-run.js';
import { opened, socketsOf, targetOf } from '../helpers/systemd/opened.js';
import { ProbeRun } from '../helpers/systemd/probe-run.js';

/** What a service manager gives the next process of a service, or the first of a service with this store. */
const storeOf = ({ store }: ManagedRun) => Array.from(store, ([descriptor, { name }]) => [name, descriptor] as const);

const names = (run: ManagedRun) => Array.from(run.store.values(), ({ name }) => name).sort();

/** Ends it as nothing can be ended more suddenly. */
async function killed(run: ProbeRun): Promise<void> {
  await run.sees(/^starting new worker/); // which would otherwise be left
  run.signal('SIGKILL');
  for (const pid of run.workers) process.kill(pid, 'SIGKILL');
  await run.ended();
}

/** Waits until so many sockets are in the store. */
async function stores(run: ManagedRun, count: number): Promise<void> {
  await eventually(`${String(count)} sockets in the store`, () => run.store.size === count, {
    seen: () => names(run).join(),
  });
}

async function connects(t: Test, where: { path: string } | { port: number; host: string }): Promise<void> {
  const client = connect(where);
  t.teardown(() => client.destroy());
  await once(client, 'connect');
}

t.test('each is stored once, and taken back after a kill -9', async (t) => {
  const cwd = workspace(t);
  const [port, datagrams] = [await freePort(), await freePort()];
  const words = [`127.0.0.1:${String(port)}`, '127.0.0.1:0', `127.0.0.1:u${String(datagrams)}=7`];
  const options = [...words.map((word) => `--port=${word}`), '--path=s'];
  const first = new ProbeRun(t, options, { cwd });
  const before = socketsOf(await first.dump());
  await stores(first, 4);
  t.same(
    names(first),
    ['127.0.0.1_0', `127.0.0.1_${String(port)}`, 's', `u127.0.0.1_${String(datagrams)}`].map(
      (name) => `start_server ${name}`,
    ),
  );
  t.notOk(
    [...first.store.values()].some(({ polled }) => polled),
    'it is not watched by the manager',
  );
  t.same([...first.store.keys()].map(targetOf).sort(), Object.values(before).sort());
  await killed(first);
  await connects(t, { port, host: '127.0.0.1' });
  await connects(t, { path: join(cwd, 's') });

  const second = new ProbeRun(t, options, { cwd, given: storeOf(first) });
  t.same(socketsOf(await second.dump()), before);
  await second.reaches('active');
  t.equal(second.store.size, 0, 'it is not stored again');
  t.same(await second.stop(), { code: 0, signal: null });
  await connects(t, { path: join(cwd, 's') });
});

t.test('a clean end leaves the file of a stored socket, for the next one', async (t) => {
  const cwd = workspace(t);
  const first = new ProbeRun(t, ['--path=s'], { cwd });
  await stores(first, 1);
  t.same(await first.stop(), { code: 0, signal: null });
  await connects(t, { path: join(cwd, 's') });
});

t.test('one that no option names any more is dropped before others are bound', async (t) => {
  const cwd = workspace(t);
  const port = String(await freePort());
  const first = new ProbeRun(t, [`--port=127.0.0.1:${port}`, '--path=old'], { cwd });
  await stores(first, 2);
  await killed(first);
  const second = new ProbeRun(t, [`--port=${port}`], { cwd, given: storeOf(first), store: first.store });
  await second.sees(/^no option names the socket "start_server old" any more that systemd has kept, closing it$/);
  await second.reaches('active');
  t.same(names(second), [`start_server ${port}`]);
  t.notOk(existsSync(join(cwd, 'old')));
  await second.stop();
});

t.test('one whose file was removed, or is that of another, is opened anew', async (t) => {
  const cwd = workspace(t);
  const first = new ProbeRun(t, ['--path=s', '--path=other'], { cwd });
  await stores(first, 2);
  await killed(first);
  for (const name of ['s', 'other']) unlinkSync(join(cwd, name));
  opened(t, `unix ${join(cwd, 'other')}`);
  const second = new ProbeRun(t, ['--path=s'], { cwd, given: storeOf(first), store: first.store });
  await second.reaches('active');
  await connects(t, { path: join(cwd, 's') });
  t.same(names(second), ['start_server s']);
  t.ok(addon.isAccepting(join(cwd, 'other')), 'that of another stays');
  await second.stop();
});

t.test("the manager's own are not stored", async (t) => {
  const tcp = opened(t, 'tcp 127.0.0.1');
  const run = new ProbeRun(t, [`--port=127.0.0.1:${String(tcp.port)}`], { given: [['app.socket', tcp.descriptor]] });
  await run.reaches('active');
  t.equal(run.store.size, 0);
  await run.stop();
});

t.test('a start that fails drops nothing that is asked for', async (t) => {
  const cwd = workspace(t);
  const first = new ProbeRun(t, ['--path=s'], { cwd });
  await stores(first, 1);
  await killed(first);
  const second = new ProbeRun(t, ['--path=s', '--path=/nowhere/s'], { cwd, given: storeOf(first), store: first.store });
  t.same(await second.ended(), { code: 2, signal: null });
  t.same(names(second), ['start_server s']);
  await connects(t, { path: join(cwd, 's') });
});
