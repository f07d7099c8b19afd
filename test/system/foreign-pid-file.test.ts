import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { ForeignPidFile } from '../../src/system/files/foreign-pid-file.js';
import { workspace } from '../helpers/place/workspace.js';

function file(t: Test, text: string): string {
  const path = join(workspace(t), 'pid');
  writeFileSync(path, text, 'latin1');
  return path;
}

/** Locks it as a superdaemon does, and gives what gives up the lock. */
function locked(path: string): () => void {
  const descriptor = openSync(path, 'r+');
  if (!addon.tryLock(descriptor)) throw new Error(`${path} is locked already`);
  return () => {
    closeSync(descriptor);
  };
}

t.test('its first line is read anew each time, without its newline', (t) => {
  const path = file(t, '');
  const pidFile = ForeignPidFile.open(path, 'r');
  const unlock = locked(path);
  for (const [text, line] of [
    ['', ''],
    ['\n', ''],
    ['42', '42'],
    ['4242\n', '4242'],
    ['42\r\nmore\n', '42\r'],
    ['\xff\0\n', '\xff\0'],
    ['1'.repeat(1000), '1'.repeat(128)],
  ] as const) {
    writeFileSync(path, text, 'latin1');
    t.equal(pidFile.firstLine(), line, JSON.stringify(text.slice(0, 20)));
  }
  unlock();
  t.ok(pidFile.isFree());
  t.end();
});

for (const mode of ['r', 'r+'] as const) {
  t.test(`opened as ${mode}, it tells whether the lock is free, and does not keep it`, (t) => {
    const path = file(t, '42\n');
    const unlock = locked(path);
    const pidFile = ForeignPidFile.open(path, mode);
    t.notOk(pidFile.isFree());
    t.notOk(pidFile.isFreeBesideLooks());
    unlock();
    t.ok(pidFile.isFreeBesideLooks());
    t.ok(pidFile.isFree());
    t.notOk(pidFile.isRemoved);
    locked(path)();
    t.ok(pidFile.isFree(), 'and again');
    t.end();
  });
}

t.test('it stays the file that was opened, and knows that it was removed', (t) => {
  const path = file(t, '42\n');
  const unlock = locked(path);
  const [moved, removed] = [ForeignPidFile.open(path, 'r+'), ForeignPidFile.open(path, 'r+')];
  renameSync(path, `${path}.old`);
  writeFileSync(path, '43\n');
  t.teardown(locked(path));
  t.equal(moved.firstLine(), '42');
  t.notOk(moved.isFree());
  unlock();
  t.ok(moved.isFree());
  t.notOk(moved.isRemoved);
  rmSync(`${path}.old`);
  t.ok(removed.isFree());
  t.ok(removed.isRemoved);
  t.end();
});

t.test('what the system refuses is thrown', (t) => {
  const directory = workspace(t);
  t.throws(() => ForeignPidFile.open(join(directory, 'none'), 'r'), { code: 'ENOENT' });
  t.throws(() => ForeignPidFile.open(directory, 'r+'), { code: 'EISDIR' });
  const pidFile = ForeignPidFile.open(directory, 'r');
  t.throws(() => pidFile.firstLine(), { code: 'EISDIR' });
  t.ok(pidFile.isFree());
  t.end();
});
