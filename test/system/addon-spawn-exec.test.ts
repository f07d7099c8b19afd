import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { callElsewhere, probed, request, run, script } from '../helpers/processes/native.js';
import { probe } from '../helpers/processes/probe.js';
import { workspace } from '../helpers/place/workspace.js';

const NOT_EXECUTED = 255;

/** A tree of programs called `prog`: what each exits with tells which one was run. */
function programs(t: Test): string {
  const top = workspace(t);
  for (const name of ['one', 'two', 'denied', 'bare', 'empty']) mkdirSync(join(top, name));
  script(join(top, 'prog'), '#!/bin/sh\nexit 10\n');
  script(join(top, 'one', 'prog'), '#!/bin/sh\nexit 1\n');
  script(join(top, 'two', 'prog'), '#!/bin/sh\nexit 2\n');
  script(join(top, 'denied', 'prog'), '#!/bin/sh\nexit 3\n', 0o644);
  script(join(top, 'bare', 'prog'), 'case $0 in */bare/prog) exit 4;; esac\n');
  writeFileSync(join(top, 'file'), '');
  return top;
}

t.test('the program is found as execvp finds it, after the change of directory', async (t) => {
  const cwd = programs(t);
  const table: [note: string, path: string | undefined, file: string, code: number][] = [
    ['first of two', `${cwd}/one:${cwd}/two`, 'prog', 1],
    ['an element without it', `${cwd}/empty:${cwd}/two`, 'prog', 2],
    ['an element that is missing', `/nonexistent:${cwd}/two`, 'prog', 2],
    ['an element that is a file', `${cwd}/file:${cwd}/two`, 'prog', 2],
    ['an element too long for a path', `${'x'.repeat(5000)}:${cwd}/two`, 'prog', 2],
    ['one that may not be executed', `${cwd}/denied:${cwd}/two`, 'prog', 2],
    ['a relative element', 'two:one', 'prog', 2],
    ['an empty element first', `:${cwd}/one`, 'prog', 10],
    ['an empty element last', `${cwd}/empty:`, 'prog', 10],
    ['an empty element between', `${cwd}/empty::${cwd}/one`, 'prog', 10],
    ['an empty PATH is one empty element', '', 'prog', 10],
    ['no PATH: along that of the system', undefined, 'true', 0],
    ['with a slash: not along PATH', `${cwd}/two`, './prog', 10],
    ['with a slash: relative to the directory', '', 'one/prog', 1],
    ['with a slash: absolute', '', `${cwd}/two/prog`, 2],
    ['a script without an interpreter line', `${cwd}/empty:${cwd}/bare`, 'prog', 4],
  ];
  for (const [note, path, file, code] of table) {
    const env = path === undefined ? [] : [`PATH=${path}`];
    t.equal(await run(file, [], { env, cwd }), code * 256, note);
  }
});

t.test('of two PATH entries the first counts, and its name must be whole', async (t) => {
  const cwd = programs(t);
  t.equal(await run('prog', [], { env: ['MANPATH=/x', `PATH=${cwd}/two`, `PATH=${cwd}/one`] }), 2 * 256);
});

t.test('the PATH of this process has no say', async (t) => {
  const before = process.env['PATH'];
  t.teardown(() => (process.env['PATH'] = before));
  const top = programs(t);
  process.env['PATH'] = `${top}/one`;
  t.equal(await run('prog', [], { env: [`PATH=${top}/two`] }), 2 * 256);
});

t.test('a script without an interpreter line gets its arguments', async (t) => {
  const file = script(join(workspace(t), 'bare'), '[ "$#:$1:$2" = "2:a b:" ] && exit 5\n');
  t.equal(await run(file, ['a b', '']), 5 * 256);
});

t.test('arguments and environment arrive byte by byte', async (t) => {
  const args = ['any name', '', ' a b ', '$HOME;*', '\n', '\xff\x80\xe9', '\x01'];
  const env = ['A=1', 'A=2', 'NOTHING', '=odd', 'EMPTY=', 'BYTES=\xff\xfe', 'LINES=a\nb'];
  const dump = await probed(t, { args, env });
  t.same(dump.argv.slice(-args.length), args);
  t.same(dump.environ, env);
  t.same((await probed(t)).environ, [], 'nothing is added');
});

t.test('the directory is changed in the child only', async (t) => {
  const cwd = join(workspace(t), '\xe9 \xff');
  mkdirSync(Buffer.from(cwd, 'latin1'));
  const before = process.cwd();
  t.equal((await probed(t, { cwd })).process.cwd, cwd);
  t.equal((await probed(t)).process.cwd, before);
  t.equal(process.cwd(), before);
});

t.test('the name that is executed and argv[0] are two things', async (t) => {
  const dump = await probed(t, { file: probe(), args: [] });
  t.equal(dump.process.exe, probe());
  t.equal(dump.argv[0], 'probe');
});

t.test('a failure is told in one line on the descriptor 2 of the superdaemon', async (t) => {
  const top = programs(t);
  const file = join(top, 'file');
  const [cwd, missing] = [top, join(top, 'missing\xff')];
  const table: [more: Parameters<typeof request>[2], file: string, line: string, code: number][] = [
    [{ cwd: missing }, 'prog', `failed to chdir:${missing}:No such file or directory`, 2],
    [{ cwd: file }, 'prog', `failed to chdir:${file}:Not a directory`, 20],
    [{ cwd: '' }, 'prog', 'failed to chdir::No such file or directory', 2],
    [{ cwd: 'x'.repeat(5000) }, 'prog', `failed to chdir:${'x'.repeat(5000)}:File name too long`, 36],
    [{ cwd }, 'nothing\xff', 'failed to exec nothing\xff:No such file or directory', 255],
    [{ cwd }, './nothing', 'failed to exec ./nothing:No such file or directory', 255],
    [{ cwd }, './file', 'failed to exec ./file:Permission denied', 255],
    [{ env: [`PATH=${top}/denied:/nonexistent`] }, 'prog', 'failed to exec prog:Permission denied', 255],
    [{ env: [`PATH=${top}`] }, 'one', 'failed to exec one:Permission denied', 255],
    [{ env: [`PATH=${top}/empty`], cwd }, 'prog', 'failed to exec prog:No such file or directory', 255],
    [{ env: [], cwd }, 'prog', 'failed to exec prog:No such file or directory', 255],
    [{ env: [`PATH=${top}`], cwd }, '', 'failed to exec :No such file or directory', 255],
    [{ fds: [] }, '/nothing', 'failed to exec /nothing:No such file or directory', 255],
    [{ fds: [[0, 0], [0, 1], [0, 2]] }, '/nothing', 'failed to exec /nothing:No such file or directory', 255],
  ]; // prettier-ignore
  for (const [more, name, line, code] of table) {
    const { stderr, status } = await callElsewhere('spawn', [request(name, [], more)]);
    t.same({ stderr, status }, { stderr: `${line}\n`, status: code * 256 });
  }
});

t.test('nobody there to hear of a failure: the exit code stays the same', async (t) => {
  const { status } = await callElsewhere('spawn', [request('/nothing', [])], { deaf: true });
  t.equal(status, NOT_EXECUTED * 256);
});

t.test('a fork that fails is thrown', async (t) => {
  const EAGAIN = 11;
  const { error } = await callElsewhere('spawn', [request('/bin/true', [])], { refuse: ['vfork', EAGAIN] });
  t.match(error, { code: 'EAGAIN', syscall: 'fork', message: 'EAGAIN: Resource temporarily unavailable, fork' });
});
