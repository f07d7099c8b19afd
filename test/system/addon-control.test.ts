/** The calls that only the control socket needs: a mode for the file of a socket, connecting, and the user at the other end. */
import { closeSync, constants, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon, type ListenerRequest } from '../../src/system/engine/addon.js';
import { currentUmask } from '../helpers/processes/umask.js';
import { workspace } from '../helpers/place/workspace.js';

function listening(t: Test, address: string, more: Partial<ListenerRequest> = {}): number {
  const fd = addon.openListener({ family: 'unix', type: 'stream', address, port: 0, backlog: 1, ...more });
  t.teardown(() => {
    closeSync(fd);
  });
  return fd;
}

function connected(t: Test, path: string): number {
  const fd = addon.connectTo(path);
  t.teardown(() => {
    closeSync(fd);
  });
  return fd;
}

t.test('the file has the mode under every umask, which stays what it was', (t) => {
  const directory = workspace(t);
  const before = currentUmask();
  t.teardown(() => process.umask(before));
  for (const mask of [0o000, 0o077, 0o777]) {
    process.umask(mask);
    for (const mode of [0o600, 0o770, 0]) {
      const address = join(directory, `${mask.toString(8)}-${mode.toString(8)}`);
      listening(t, address, { mode });
      t.equal(statSync(address).mode & 0o7777, mode);
      t.equal(currentUmask(), mask);
    }
  }
  t.end();
});

t.test('a connection does not wait, and is for no child', (t) => {
  const path = join(workspace(t), '\xff');
  listening(t, path);
  const [, flags = ''] =
    /flags:\s+(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${String(connected(t, path))}`, 'latin1')) ?? [];
  const O_CLOEXEC = 0o2000000;
  const wanted = O_CLOEXEC | constants.O_NONBLOCK;
  t.equal(parseInt(flags, 8) & wanted, wanted);
  t.end();
});

t.test('what cannot be connected to', (t) => {
  const directory = workspace(t);
  writeFileSync(join(directory, 'file'), '');
  const full = join(directory, 'full');
  listening(t, full, { backlog: 0 });
  connected(t, full);
  closeSync(
    addon.openListener({ family: 'unix', type: 'stream', address: join(directory, 'stale'), port: 0, backlog: 1 }),
  );
  const table: [path: string, code: string][] = [
    [join(directory, 'none'), 'ENOENT'],
    [join(directory, 'file'), 'ECONNREFUSED'],
    [join(directory, 'stale'), 'ECONNREFUSED'],
    [full, 'EAGAIN'],
    ['x'.repeat(200), 'ENAMETOOLONG'],
    ['', 'ENOENT'],
  ];
  for (const [path, code] of table) t.throws(() => addon.connectTo(path), { code, syscall: 'connect' }, code);
  t.end();
});

t.test('the user at the other end', (t) => {
  const path = join(workspace(t), 's');
  listening(t, path);
  t.equal(addon.peerUid(connected(t, path)), process.geteuid?.());
  t.throws(() => addon.peerUid(2 ** 20), { code: 'EBADF', syscall: 'getsockopt' });
  t.end();
});
