import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readlinkSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { flagsOf } from '../helpers/processes/descriptor-flags.js';
import { probed } from '../helpers/processes/native.js';
import { workspace } from '../helpers/place/workspace.js';

/** A descriptor that is closed at the end of the test; gives it back. */
function closing(t: Test, descriptor: number): number {
  t.teardown(() => {
    closeSync(descriptor);
  });
  return descriptor;
}

function pipe(t: Test): [reading: number, writing: number] {
  const [reading, writing] = addon.pipe();
  return [closing(t, reading), closing(t, writing)];
}

function opened(t: Test, path: string, how: string): number {
  return closing(t, openSync(path, how));
}

/** Whether a child of Node's own, which closes nothing by itself, is born with the descriptor. */
const isInherited = (descriptor: number) => spawnSync('test', ['-e', `/dev/fd/${String(descriptor)}`]).status === 0;

const targetOf = (descriptor: number) => readlinkSync(`/proc/self/fd/${String(descriptor)}`);

t.test('pipe: what goes in at one end comes out at the other', (t) => {
  const [reading, writing] = pipe(t);
  const data = Buffer.alloc(10);
  t.equal(writeSync(writing, 'abc\0\xff', null, 'latin1'), 5);
  t.equal(data.toString('latin1', 0, readSync(reading, data)), 'abc\0\xff');
  t.throws(() => writeSync(reading, 'x'), { code: 'EBADF' }, 'the first end is for reading');
  t.throws(() => readSync(writing, data), { code: 'EBADF' }, 'the second for writing');
  t.end();
});

t.test('pipe: both ends block, and no child gets them', async (t) => {
  const ends = pipe(t);
  for (const end of ends) t.match(flagsOf(end), { closeOnExec: true, nonBlocking: false });
  t.same(ends.map(isInherited), [false, false]);
  const { fds } = await probed(t, { fds: [[ends[1], 5]] });
  t.match(fds.get(5), { target: targetOf(ends[1]), cloexec: false }, 'but when it is passed on');
});

t.test('pipe: without a free number', (t) => {
  const setLimit = (soft: string) => execFileSync('prlimit', ['--pid', String(process.pid), `--nofile=${soft}:`]);
  const [, before = ''] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
  setLimit('100');
  const filling: number[] = [];
  t.throws(() => {
    for (;;) filling.push(openSync('/dev/null', 'r'));
  });
  try {
    t.throws(() => addon.pipe(), { code: 'EMFILE', errno: -24, syscall: 'pipe' });
    closeSync(filling.pop() ?? NaN);
    t.throws(() => addon.pipe(), { code: 'EMFILE' }, 'one is not enough');
    t.throws(() => addon.dup2(0, 100), { code: 'EBADF', syscall: 'dup2' }, 'nor is a number beyond the limit');
  } finally {
    filling.forEach(closeSync);
    setLimit(before);
  }
  t.end();
});

t.test('dup2: another number for the same open file', (t) => {
  const path = join(workspace(t), 'file');
  const [from, to] = [opened(t, path, 'a'), opened(t, '/dev/null', 'r')];
  t.equal(addon.dup2(from, to), to);
  t.equal(targetOf(to), path);
  writeSync(to, 'one ');
  writeSync(from, 'two');
  t.equal(readFileSync(path, 'latin1'), 'one two');
  t.match(flagsOf(to), { closeOnExec: true, append: true });
  t.end();
});

t.test('dup2: what the number was before is closed', (t) => {
  const [reading, writing] = pipe(t);
  addon.dup2(opened(t, '/dev/null', 'w'), writing);
  t.equal(readSync(reading, Buffer.alloc(1)), 0, 'end of file: nobody can write any more');
  t.end();
});

t.test('dup2: to a number that was free', (t) => {
  const free = 90;
  t.throws(() => fstatSync(free), { code: 'EBADF' });
  t.equal(closing(t, addon.dup2(opened(t, '/etc/passwd', 'r'), free)), free);
  t.equal(targetOf(free), '/etc/passwd');
  t.end();
});

t.test('dup2: no child gets the copy, also when its source is meant for all children', (t) => {
  const free = 91;
  addon.dup2(2, closing(t, addon.dup2(0, free)));
  t.match(flagsOf(free), { closeOnExec: true });
  t.equal(isInherited(free), false);
  t.end();
});

t.test('dup2: onto itself', (t) => {
  const number = opened(t, '/dev/null', 'r');
  t.equal(addon.dup2(number, number), number);
  t.match(flagsOf(number), { closeOnExec: true });
  t.end();
});

t.test('dup2: refused', (t) => {
  const closed = 9999;
  const number = opened(t, '/etc/passwd', 'r');
  const expected = { code: 'EBADF', errno: -9, syscall: 'dup2' };
  t.throws(() => addon.dup2(closed, number), expected);
  t.throws(() => addon.dup2(closed, closed), expected);
  t.throws(() => addon.dup2(number, 2 ** 31 - 1), expected);
  t.equal(targetOf(number), '/etc/passwd', 'and the number is what it was');
  t.notOk(existsSync(`/proc/self/fd/${String(closed)}`));
  t.end();
});

t.test('sendNow and makeBlocking: refused', (t) => {
  const [, writing] = pipe(t);
  t.throws(() => addon.sendNow(writing, 'x'), { code: 'ENOTSOCK', syscall: 'send' });
  t.throws(() => addon.sendNow(9999, 'x'), { code: 'EBADF', errno: -9, syscall: 'send' });
  t.throws(() => addon.makeBlocking(9999), { code: 'EBADF', errno: -9, syscall: 'fcntl' });
  t.end();
});
