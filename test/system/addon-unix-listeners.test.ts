/** Unix sockets that listen are told with the files that they are bound to, whatever has become of their names. */
import { closeSync, readlinkSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { deviceOf } from '../../src/system/files/kernel-device.js';
import { callElsewhere } from '../helpers/processes/native.js';
import { workspace } from '../helpers/place/workspace.js';

const skip = process.platform !== 'linux' && 'Linux only';

function listening(t: Test, type: 'stream' | 'datagram' = 'stream') {
  const path = join(workspace(t), 's');
  const descriptor = addon.openListener({ family: 'unix', type, address: path, port: 0, backlog: 1 });
  t.teardown(() => {
    closeSync(descriptor);
  });
  const socket = Number(/\d+/.exec(readlinkSync(`/proc/self/fd/${String(descriptor)}`))?.[0]);
  return { path, socket };
}

const found = (socket: number) => addon.unixListeners().filter((one) => one.socket === socket);

t.test('by the inode of the socket, and device and inode of the file', { skip }, (t) => {
  const { path, socket } = listening(t);
  const { dev, ino } = statSync(path, { bigint: true });
  const expected = [{ socket, ...deviceOf(dev), inode: Number(BigInt.asUintN(32, ino)) }];
  t.same(found(socket), expected);
  renameSync(path, `${path}.moved`);
  t.same(found(socket), expected, 'under another name');
  unlinkSync(`${path}.moved`);
  t.same(found(socket), expected, 'and under none');
  t.end();
});

t.test('none that does not listen', { skip }, (t) => {
  t.same(found(listening(t, 'datagram').socket), []);
  t.end();
});

t.test('a thousand, which are more than one answer of the kernel holds', { skip }, (t) => {
  const directory = workspace(t);
  const before = addon.unixListeners().length;
  for (let number = 0; number < 1000; number += 1) {
    const address = join(directory, String(number));
    const descriptor = addon.openListener({ family: 'unix', type: 'stream', address, port: 0, backlog: 1 });
    t.teardown(() => {
      closeSync(descriptor);
    });
  }
  t.ok(addon.unixListeners().length >= before + 900);
  t.end();
});

t.test('where the system has no such answers it is refused', { skip }, async (t) => {
  const { error } = await callElsewhere('unixListeners', [], { refuse: ['socket', 97] });
  t.match(error, { code: 'EAFNOSUPPORT', syscall: 'socket' });
});
