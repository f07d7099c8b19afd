/** A descriptor of another process, and what it is. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { workspace } from '../helpers/place/workspace.js';

/** Its standard input is this descriptor. */
async function child(t: Test, descriptor: number): Promise<ChildProcess & { readonly pid: number }> {
  const started = spawn('sleep', ['99'], { stdio: [descriptor, 'ignore', 'ignore'] });
  await once(started, 'spawn');
  t.teardown(() => started.kill('SIGKILL'));
  return Object.assign(started, { pid: started.pid ?? NaN });
}

t.test('a copy is the same socket, and no child of ours gets it', async (t) => {
  const path = join(workspace(t), 's');
  for (const [request, facts] of [
    [
      { family: 'inet6', type: 'stream', address: '::1' },
      { family: 'inet6', type: 'stream', address: '::1', isListening: true, isOnlyV6: true },
    ],
    [
      { family: 'inet', type: 'datagram', address: '127.0.0.1' },
      { family: 'inet', type: 'datagram', address: '127.0.0.1', isListening: false, isOnlyV6: false },
    ],
    [
      { family: 'unix', type: 'stream', address: path },
      { family: 'unix', type: 'stream', address: path, isListening: true, port: 0 },
    ],
  ] as const) {
    const socket = addon.openListener({ ...request, port: 0, backlog: 5 });
    const { pid } = await child(t, socket);
    const copy = addon.copyDescriptor(pid, 0);
    t.equal(fstatSync(copy).ino, fstatSync(socket).ino);
    t.match(addon.describeSocket(copy), facts);
    t.match(readFileSync(`/proc/self/fdinfo/${String(copy)}`, 'latin1'), /^flags:\t02\d*$/m, 'close-on-exec');
    closeSync(socket);
    t.match(addon.describeSocket(copy), facts, 'it stays when the other one is closed');
    closeSync(copy);
  }
});

t.test('what cannot be copied is refused', async (t) => {
  const started = await child(t, 1);
  t.throws(() => addon.copyDescriptor(started.pid, 99), { code: 'EBADF', syscall: 'pidfd_getfd' });
  started.kill('SIGKILL');
  await once(started, 'exit');
  t.throws(() => addon.copyDescriptor(started.pid, 0), { code: 'ESRCH', syscall: 'pidfd_open' });
  t.throws(() => addon.describeSocket(1 + 2 ** 20), { code: 'EBADF' });
});
