/** A file in memory that is handed to the next image: nobody can change it, and nothing is left of one that was refused. */
import { closeSync, fstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { ftruncateSync, openSync, writeSync } from 'node:fs';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { flagsOf } from '../helpers/processes/descriptor-flags.js';
import { Image } from '../helpers/images/image.js';
import { withoutStrace, slowed } from '../helpers/processes/strace.js';

const skip = process.platform !== 'linux' && 'Linux only';

function memoryFile(t: Test, content: string): number {
  const fd = addon.memoryFile('document', Buffer.from(content, 'latin1'));
  t.teardown(() => closeSync(fd));
  return fd;
}

t.test('memoryFile: what was given is read from the beginning', { skip }, (t) => {
  for (const content of ['', 'a', '\0\xff\n', 'x'.repeat(3_000_000)]) {
    const fd = memoryFile(t, content);
    t.ok(readFileSync(fd, 'latin1') === content, `${String(content.length)} bytes`);
    t.match(flagsOf(fd), { closeOnExec: true });
    t.match(readlinkSync(`/proc/self/fd/${String(fd)}`), '/memfd:document');
  }
  t.end();
});

t.test('memoryFile: a part of a larger array is what was given', { skip }, (t) => {
  const whole = new Uint8Array([1, 2, 3, 4, 5]);
  const fd = addon.memoryFile('part', whole.subarray(1, 3));
  t.same([...readFileSync(fd)], [2, 3]);
  closeSync(fd);
  t.end();
});

t.test('memoryFile: nobody can change it, nor open it anew to do so', { skip }, (t) => {
  const fd = memoryFile(t, 'content');
  t.throws(() => writeSync(fd, 'x', 0), { code: 'EPERM' });
  t.throws(() => writeSync(fd, 'x', 100), { code: 'EPERM' }, 'longer');
  for (const size of [0, 1, 100]) t.throws(() => ftruncateSync(fd, size), { code: 'EPERM' }, `size ${String(size)}`);
  const again = openSync(`/proc/self/fd/${String(fd)}`, 'r+');
  t.throws(() => writeSync(again, 'x', 0), { code: 'EPERM' });
  closeSync(again);
  t.equal(readFileSync(`/proc/self/fd/${String(fd)}`, 'latin1'), 'content');
  t.equal(fstatSync(fd).size, 7);
  t.end();
});

t.test('memoryFile: refused for its name', { skip }, (t) => {
  const before = readdirSync('/proc/self/fd').length;
  t.throws(() => addon.memoryFile('x'.repeat(250), Buffer.from('x')), { code: 'EINVAL', syscall: 'memfd_create' });
  t.equal(readdirSync('/proc/self/fd').length, before);
  t.end();
});

const refusals = [
  [slowed('memfd_create:error=ENOMEM:when=1'), { code: 'ENOMEM', syscall: 'memfd_create' }],
  [slowed('memfd_create:error=EMFILE:when=1'), { code: 'EMFILE', syscall: 'memfd_create' }],
  [slowed('memfd_create:error=ENOSYS:when=1'), { code: 'ENOSYS', syscall: 'memfd_create' }],
  [slowed('pwrite64:error=ENOSPC:when=1'), { code: 'ENOSPC', syscall: 'write' }],
  // A part of it finds room.
  [['prlimit', '--fsize=3'], { code: 'EFBIG', syscall: 'write' }],
  [slowed('pwrite64:retval=0:when=1'), { code: 'EIO', syscall: 'write' }],
] as const;

for (const [under, expected] of refusals)
  t.test(
    `memoryFile: refused with ${expected.code} of ${expected.syscall}`,
    { skip: skip || withoutStrace },
    async (t) => {
      const image = new Image(t, { under });
      await image.is(1);
      const descriptors = () => readdirSync(`/proc/${String(image.pid)}/fd`);
      const there = descriptors();
      t.match(await image.refused('memoryFile', ['document', 'content']), expected);
      t.same(descriptors(), there, 'no descriptor is left');
    },
  );

const overcome = [
  ['a kernel that does not know the seal against execution', 'memfd_create:error=EINVAL:when=1', 'content'],
  ['a write that is interrupted', 'pwrite64:error=EINTR:when=1', 'content'],
  // strace does not write what it says was written.
  ['a write that takes a part only', 'pwrite64:retval=3:when=1', '\0\0\0tent'],
] as const;

for (const [name, injected, expected] of overcome)
  t.test(`memoryFile: ${name}`, { skip: skip || withoutStrace }, async (t) => {
    const image = new Image(t, { under: slowed(injected) });
    await image.is(1);
    const fd = Number(await image.call('memoryFile', ['document', 'content']));
    const path = `/proc/${String(image.pid)}/fd/${String(fd)}`;
    t.equal(readFileSync(path, 'latin1'), expected);
    t.throws(() => openSync(path, 'w'), { code: 'EPERM' }, 'sealed all the same');
  });

t.test('setCloseOnExec: as each descriptor of node', (t) => {
  const fd = openSync('/dev/null', 'r');
  t.equal(addon.setCloseOnExec(fd), true);
  closeSync(fd);
  t.throws(() => addon.setCloseOnExec(fd), { code: 'EBADF', errno: -9, syscall: 'fcntl' });
  t.end();
});
