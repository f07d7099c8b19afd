import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { callElsewhere, commandFor, run } from '../helpers/processes/native.js';
import { workspace } from '../helpers/place/workspace.js';

t.test('tryLock: one open file at a time holds the lock, and closing gives it back', (t) => {
  const path = join(workspace(t), 'pid');
  const [first, second] = [openSync(path, 'w'), openSync(path, 'r')];
  t.equal(addon.tryLock(first), true);
  t.equal(addon.tryLock(first), true, 'again by its holder');
  t.equal(addon.tryLock(second), false);
  closeSync(first);
  t.equal(addon.tryLock(second), true);
  closeSync(second);
  t.throws(() => addon.tryLock(second), { code: 'EBADF', errno: -9, syscall: 'flock' });
  t.end();
});

t.test('strerror: the text of an error number of either sign', (t) => {
  const ENOENT = 2;
  t.equal(addon.strerror(ENOENT), 'No such file or directory');
  t.equal(addon.strerror(-ENOENT), 'No such file or directory');
  t.match(addon.strerror(4000), /4000|No error information/);
  t.end();
});

t.test('environ: entries as they came, without "=", twice or not in UTF-8', async (t) => {
  const output = join(workspace(t), 'output');
  const env = ['A=1', 'NOTHING', 'BYTES=\xff\x80=x', 'A=2', 'EMPTY=', '=odd'];
  const fd = openSync(output, 'w');
  const [file = '', ...args] = commandFor('environ', []);
  t.equal(await run(file, args, { env, fds: [[0, 0], [fd, 1], [2, 2]] }), 0); // prettier-ignore
  closeSync(fd);
  t.same(JSON.parse(readFileSync(output, 'utf8')), { value: env });
});

t.test('exit: the code, without a word', async (t) => {
  for (const code of [0, 1, 143, 255]) {
    t.same(await callElsewhere('exit', [code]), { code, stderr: '' });
  }
});
