import { closeSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon, type ListenerRequest } from '../../src/system/engine/addon.js';
import { workspace } from '../helpers/place/workspace.js';

function open(t: Test, more: Partial<ListenerRequest> = {}): [path: string, fd: number] {
  const address = join(workspace(t), 's');
  return [address, addon.openListener({ family: 'unix', type: 'stream', address, port: 0, backlog: 5, ...more })];
}

t.test('a live socket is accepting', (t) => {
  const [path, fd] = open(t);
  t.equal(addon.isAccepting(path), true);
  closeSync(fd);
  t.end();
});

t.test('a socket whose listener is gone is not', (t) => {
  const [path, fd] = open(t);
  closeSync(fd);
  t.equal(addon.isAccepting(path), false);
  t.end();
});

t.test('a full backlog does not block, and counts as accepting', (t) => {
  const [path, fd] = open(t, { backlog: 0 });
  for (let connection = 0; connection < 5; connection++) t.equal(addon.isAccepting(path), true);
  closeSync(fd);
  t.end();
});

t.test('a datagram socket counts as accepting while it lives', (t) => {
  const [path, fd] = open(t, { type: 'datagram' });
  t.equal(addon.isAccepting(path), true);
  closeSync(fd);
  t.equal(addon.isAccepting(path), false);
  t.end();
});

t.test('a plain file accepts nothing', (t) => {
  const path = join(workspace(t), 'file');
  writeFileSync(path, '');
  t.equal(addon.isAccepting(path), false);
  t.end();
});

t.test('what cannot be told is thrown', (t) => {
  const directory = workspace(t);
  const table: [path: string, code: string][] = [
    [join(directory, 'missing'), 'ENOENT'],
    ['', 'ENOENT'],
    [join(directory, 'x'.repeat(200)), 'ENAMETOOLONG'],
  ];
  for (const [path, code] of table) t.throws(() => addon.isAccepting(path), { code, syscall: 'connect' });
  t.end();
});
