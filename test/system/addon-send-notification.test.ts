/** Messages to the notify socket of a service manager. */
import { closeSync, fstatSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { workspace } from '../helpers/place/workspace.js';

function socketOf(t: Test, path?: string): { fd: number; name: string } {
  const socket = addon.openNotifySocket(path);
  t.teardown(() => {
    closeSync(socket.fd);
  });
  return socket;
}

t.test('a message arrives with our pid, under a path and under an abstract name', (t) => {
  const longest = `${workspace(t)}/`.padEnd(107, 'x');
  for (const { fd, name } of [socketOf(t), socketOf(t, join(workspace(t), 'n')), socketOf(t, longest)]) {
    const before = descriptorsOf(process.pid);
    t.equal(addon.sendNotification(name, 'READY=1\nSTATUS=\u00e9', []), true);
    t.same(addon.receiveNotification(fd), { sender: process.pid, text: 'READY=1\nSTATUS=\u00e9', descriptors: [] });
    t.same(descriptorsOf(process.pid), before, 'nothing stays open');
  }
  t.end();
});

t.test('descriptors go with it, and stay ours', (t) => {
  const { fd, name } = socketOf(t);
  const listener = addon.openListener({ family: 'inet', type: 'stream', address: '127.0.0.1', port: 0, backlog: 1 });
  addon.sendNotification(name, 'FDSTORE=1', [listener, listener]);
  const { descriptors = [] } = addon.receiveNotification(fd) ?? {};
  const inodes = [listener, ...descriptors].map((descriptor) => fstatSync(descriptor).ino);
  t.same([inodes.length, new Set(inodes).size], [3, 1]);
  for (const descriptor of [listener, ...descriptors]) closeSync(descriptor);
  t.end();
});

t.test('where nobody reads, it does not wait', (t) => {
  const { fd, name } = socketOf(t);
  let sent = 0;
  while (sent < 10_000 && addon.sendNotification(name, 'X=1', [])) sent += 1;
  t.ok(sent > 0 && sent < 10_000);
  addon.receiveNotification(fd);
  t.equal(addon.sendNotification(name, 'X=1', []), true, 'there is room again');
  t.end();
});

t.test('what cannot be', (t) => {
  const missing = join(workspace(t), 'none');
  t.throws(() => addon.sendNotification(missing, 'X=1', []), { code: 'ENOENT', syscall: 'sendmsg' });
  t.throws(() => addon.sendNotification('@nobody\u0001', 'X=1', []), { code: 'ECONNREFUSED', syscall: 'sendmsg' });
  for (const name of ['', 'relative', 'vsock:2:1'])
    t.throws(() => addon.sendNotification(name, 'X=1', []), { code: 'EINVAL', syscall: 'connect' });
  t.throws(() => addon.sendNotification(`/${'x'.repeat(108)}`, 'X=1', []), { code: 'ENAMETOOLONG' });
  const { name } = socketOf(t);
  t.throws(() => addon.sendNotification(name, 'X=1', [1_000_000]), { code: 'EBADF', syscall: 'sendmsg' });
  t.throws(() => addon.sendNotification(name, 'X=1', new Array<number>(254).fill(0)), { code: 'EINVAL' });
  t.end();
});
