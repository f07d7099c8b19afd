import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon, type SpawnRequest } from '../../src/system/engine/addon.js';
import { commandFor, ended, probed, request } from '../helpers/processes/native.js';
import { parseDump, probe } from '../helpers/processes/probe.js';
import { compiled } from '../helpers/place/compile.js';
import { workspace } from '../helpers/place/workspace.js';

type Fds = SpawnRequest['fds'];

const limit = Number(/Max open files +(\d+)/.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]);

/** Files that this process holds open, by number. */
function openFiles(t: Test): [number, number, number, number] {
  const directory = workspace(t);
  const open = (name: string): number => {
    const fd = openSync(join(directory, name), 'w');
    t.teardown(() => closeSync(fd));
    return fd;
  };
  return [open('a'), open('b'), open('c'), open('d')];
}

/** Every target is what its source is here, and stays open over an exec; nothing else is open. */
async function arrives(t: Test, fds: Fds, note: string): Promise<void> {
  const { fds: got } = await probed(t, { fds });
  const wanted = fds.map(([from, to]): [number, string] => [to, readlinkSync(`/proc/self/fd/${String(from)}`)]);
  t.same(
    [...got].map(([number, { target, cloexec }]) => [number, target, cloexec]),
    wanted.sort(([one], [other]) => one - other).map((pair) => [...pair, false]),
    note,
  );
}

t.test('descriptors arrive at their numbers, whatever the overlaps', async (t) => {
  const [a, b, c, d] = openFiles(t);
  // Every number below 300 that could be free is claimed, and is filled before the two are swapped.
  const all = Array.from({ length: 300 }, (_, number): [number, number] => [c, number]);
  const crowd = all.filter(([, to]) => to > 2 && ![a, b, c].includes(to));
  const table: [note: string, fds: Fds][] = [
    ['swapped', [[a, b], [b, a]]],
    ['a cycle of three', [[a, b], [b, c], [c, a]]],
    ['two cycles', [[a, b], [b, a], [c, d], [d, c]]],
    ['a chain', [[a, b], [b, c], [c, d]]],
    ['a chain, the other way round', [[c, d], [b, c], [a, b]]],
    ['one source for two targets', [[a, 50], [a, 51]]],
    ['at home', [[a, a], [b, b]]],
    ['at home and copied', [[a, a], [a, b], [b, c]]],
    ['numbers that are in use here', [[a, 3], [b, 4], [c, 5], [d, 6]]],
    ['far away', [[a, 1000], [b, 999]]],
    ['swapped below the highest number of all', [[a, b], [b, a], [c, limit - 1]]],
    ['swapped where the free numbers are claimed', [...crowd, [a, b], [b, a]]],
  ]; // prettier-ignore
  for (const [note, fds] of table) await arrives(t, fds, note);
});

t.test('the standard descriptors are numbers like others', async (t) => {
  const [a, b, c] = openFiles(t);
  const table: [note: string, fds: Fds][] = [
    ['replaced', [[a, 0], [b, 1], [c, 2]]],
    ['swapped', [[1, 2], [2, 1]]],
    ['moved up', [[0, 7], [1, 8], [2, 9]]],
    ['swapped with others', [[a, 2], [2, a]]],
    ['all closed', []],
    ['0 closed', [[1, 1], [2, 2]]],
    ['1 closed', [[0, 0], [2, 2]]],
    ['2 closed', [[0, 0], [1, 1]]],
  ]; // prettier-ignore
  for (const [note, fds] of table) await arrives(t, fds, note);
});

t.test('the descriptors here stay as they were', async (t) => {
  const [a, b] = openFiles(t);
  const links = (): string[] => [a, b, 0, 1, 2].map((fd) => readlinkSync(`/proc/self/fd/${String(fd)}`));
  const before = links();
  await probed(t, { fds: [[a, b], [b, a], [a, 0]] }); // prettier-ignore
  t.same(links(), before);
  t.end();
});

/**
 * A superdaemon that was itself given a descriptor above those that Node marks close-on-exec, so that it would be
 * inherited: gives what a worker of it finds.
 */
async function leaked(t: Test, fds: Fds, refuse: readonly string[] = []): Promise<string[]> {
  const LEAKED = 300;
  const [a] = openFiles(t);
  const dump = join(workspace(t), 'dump');
  const inner = request(probe(), ['-o', dump, '-d', '0'], { fds });
  const [file = '', ...args] = [...refuse, ...commandFor('spawn', [inner])];
  const standard = [0, 1, 2].map((fd) => [fd, fd] as const);
  const answer = join(workspace(t), 'answer');
  const output = openSync(answer, 'w');
  t.teardown(() => closeSync(output));
  const outer = request(file, args, { fds: [...standard.filter(([fd]) => fd !== 1), [output, 1], [a, LEAKED]] });
  t.equal(await ended(addon.spawn(outer)), 0);
  t.same(JSON.parse(readFileSync(answer, 'utf8')), { status: 0 }, 'the worker ran');
  return [...parseDump(readFileSync(dump, 'latin1')).fds].map(
    ([fd, { target }]) => `${String(fd)} ${target.replace(/^.*\//, '')}`,
  );
}

t.test('what could be inherited by accident is not', async (t) => {
  const ENOSYS = '38';
  const EPERM = '1';
  const refuse = compiled('refuse', ['refuse.c']);
  const ways: [note: string, refuse: string[]][] = [
    ['with close_range', []],
    ['on a kernel without it', [refuse, 'close_range', ENOSYS]],
    ['in a container that forbids it', [refuse, 'close_range', EPERM]],
  ];
  for (const [note, command] of ways) {
    t.same(await leaked(t, [], command), [], note);
    t.same(await leaked(t, [[300, 5]], command), ['5 a'], `${note}: the copy, not the original`);
    t.same(await leaked(t, [[300, 300], [300, 290]], command), ['290 a', '300 a'], `${note}: when asked for`); // prettier-ignore
  }
});

t.test('a source that is not open and a target beyond the limit are refused before the fork', (t) => {
  const [a] = openFiles(t);
  const closed = 9999;
  for (const fds of [[[closed, 3]], [[a, limit]], [[a, 2 ** 31 - 1]]] as const) {
    t.throws(() => addon.spawn(request('/bin/true', [], { fds })), { code: 'EBADF', syscall: 'dup2' });
  }
  t.equal(addon.waitpid(-1), undefined, 'no child was made');
  t.end();
});

t.test('what stays where it is may lie above a limit that was lowered since', async (t) => {
  const high = limit - 1;
  const setLimit = (soft: number) =>
    execFileSync('prlimit', ['--pid', String(process.pid), `--nofile=${String(soft)}:`]);
  const [a] = openFiles(t);
  addon.dup2(a, high);
  setLimit(high);
  try {
    const { fds } = await probed(t, { fds: [[high, high]] });
    t.ok(fds.has(high));
    t.throws(() => addon.spawn(request('/bin/true', [], { fds: [[a, high]] })), { code: 'EBADF' });
  } finally {
    setLimit(limit);
    closeSync(high);
  }
});
