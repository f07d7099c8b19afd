/** Who holds a socket: what a process was handed down counts, where it can be seen. */
import { spawn, spawnSync, type StdioOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { socketsAt, socketsInTheWayOf, type Binding } from '../../src/system/sockets/bound-sockets.js';
import { holderOf, holdersAmong, topmost } from '../../src/system/sockets/holders.js';
import { ProcessTable } from '../../src/system/processes/process-table.js';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/place/ports.js';
import { workspace } from '../helpers/place/workspace.js';

const skip = process.platform !== 'linux' && 'it is /proc that tells';

async function listening(t: Test): Promise<{ descriptor: number; place: Binding }> {
  const port = await freePort();
  const request = { family: 'inet', type: 'stream', address: '127.0.0.1', port, backlog: 5 } as const;
  const descriptor = addon.openListener(request);
  t.teardown(() => {
    closeSync(descriptor);
  });
  return { descriptor, place: { kind: 'tcp', address: [127, 0, 0, 1], port } };
}

/** A process that has the socket as 3, and the pid of a child of it. */
async function family(t: Test, socket: number, under: readonly string[] = []): Promise<[number, number]> {
  const stdio: StdioOptions = ['ignore', 'pipe', 'inherit', socket];
  const child = spawn('env', [...under, 'sh', '-c', 'sleep 99 & echo $!; wait'], { stdio });
  t.teardown(() => child.kill('SIGKILL'));
  let said = '';
  child.stdout?.setEncoding('latin1').on('data', (text: string) => (said += text));
  const grandchild = await eventually('the child of the child', () => Number(/^\d+\n/.exec(said)?.[0]) || undefined);
  t.teardown(() => process.kill(grandchild, 'SIGKILL'));
  return [child.pid ?? NaN, grandchild];
}

t.test('a socket is found by its address, and its holders by the socket', { skip }, async (t) => {
  const { descriptor, place } = await listening(t);
  const [inode = ''] = socketsAt(place);
  const [child, grandchild] = await family(t, descriptor);
  const table = ProcessTable.read();
  const holders = holdersAmong(table.pids, new Set([inode]));
  t.same(holders.map(({ pid }) => pid).sort(), [process.pid, child, grandchild].sort());
  const found = holders.find(({ pid }) => pid === child);
  t.equal(found?.parent, process.pid);
  t.equal(found?.sockets.get(3), inode);
  t.same(
    topmost(holders, table).map(({ pid }) => pid),
    [process.pid],
  );
  t.same(
    topmost(
      holders.filter(({ pid }) => pid !== process.pid),
      table,
    ).map(({ pid }) => pid),
    [child],
  );
});

t.test('one in another network namespace holds none of ours', { skip: skip || withoutNamespace() }, async (t) => {
  const { descriptor, place } = await listening(t);
  const [child] = await family(t, descriptor, ['unshare', '--net']);
  t.equal(holderOf(child, new Set(socketsAt(place)))?.sockets.size, 0);
});

function withoutNamespace(): string | false {
  return spawnSync('unshare', ['--net', 'true']).status === 0 ? false : 'no network namespaces';
}

t.test('one that nobody lets us see, or that is gone, is no holder', { skip }, (t) => {
  t.equal(holderOf(4_194_304, new Set(['1'])), undefined);
  t.same(holdersAmong([process.pid], new Set()), []);
  t.end();
});

t.test('a unix socket is known by its file, whatever it was called when it was bound', { skip }, async (t) => {
  const directory = workspace(t);
  const path = join(directory, 's');
  const server = createServer().listen(path);
  t.teardown(() => server.close());
  await eventually('the socket', () => server.listening);
  const [inode] = socketsAt({ kind: 'unix', path });
  t.match(inode, /^\d+$/);
  t.same(holdersAmong([process.pid], new Set([inode ?? ''])).length, 1);
  t.same(socketsInTheWayOf({ kind: 'unix', path }), [inode]);
  closeSync(openSync(join(directory, 'file'), 'w'));
  t.same(socketsAt({ kind: 'unix', path: join(directory, 'file') }), []);
  t.same(socketsAt({ kind: 'unix', path: join(directory, 'none') }), []);
});

t.test('one that has all addresses is in the way of each, but is not at it', { skip }, async (t) => {
  const server = createServer().listen(0);
  t.teardown(() => server.close());
  await eventually('the socket', () => server.listening);
  const { port } = server.address() as { port: number };
  const place: Binding = { kind: 'tcp', address: [127, 0, 0, 1], port };
  t.same(socketsAt(place), []);
  t.equal(socketsInTheWayOf(place).length, 1);
  t.same(socketsInTheWayOf({ ...place, kind: 'udp' }), []);
});
