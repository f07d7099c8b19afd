import { openSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { deviceOf, deviceOfMount } from '../../src/system/files/kernel-device.js';
import { holdersIn, lockHoldersOf } from '../../src/system/files/lock-holders.js';
import { workspace } from '../helpers/place/workspace.js';

const locks = [
  '1: FLOCK  ADVISORY  WRITE 549 fe:00:2146821 0 EOF',
  '2: POSIX  ADVISORY  WRITE 550 fe:00:2146821 0 EOF',
  '3: FLOCK  ADVISORY  READ  551 fe:00:2146821 0 EOF',
  '3: -> FLOCK  ADVISORY  WRITE 552 fe:00:2146821 0 EOF',
  '4: FLOCK  ADVISORY  WRITE 553 00:2a:2146821 0 EOF',
  '5: FLOCK  ADVISORY  WRITE 554 fe:00:21468210 0 EOF',
  '',
].join('\n');

t.test('those who hold a flock on the very file, not those who wait', (t) => {
  t.same(holdersIn(locks, { major: 0xfe, minor: 0 }, 2146821n), [549, 551]);
  t.same(holdersIn(locks, { major: 0, minor: 0x2a }, 2146821n), [553]);
  t.same(holdersIn(locks, { major: 0, minor: 0x2a }, 1n), []);
  t.same(holdersIn('', { major: 0, minor: 0 }, 0n), []);
  t.end();
});

t.test('the device is that of the mount, as the kernel names it', (t) => {
  const mounts = '22 1 254:0 / / rw - ext4 /dev/root rw\n48 45 0:42 / /m rw,relatime - overlay overlay rw\n';
  t.same(deviceOfMount(mounts, '48'), { major: 0, minor: 42 });
  t.same(deviceOfMount(mounts, '2'), undefined);
  t.same(deviceOf(65024n), { major: 254, minor: 0 });
  t.same(deviceOf(316659457017225n), { major: 74565, minor: 26505 });
  t.end();
});

t.test('of an open file', (t) => {
  const descriptor = openSync(join(workspace(t), 'file'), 'w');
  t.teardown(() => {
    closeSync(descriptor);
  });
  t.same(lockHoldersOf(descriptor), []);
  t.ok(addon.tryLock(descriptor));
  t.same(lockHoldersOf(descriptor), [process.pid]);
  t.end();
});
