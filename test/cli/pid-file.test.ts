/** The pid file: content, lock and end. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, existsSync, lstatSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { eventually } from '../helpers/eventually.js';
import { descriptors, failing, firstWorker } from '../helpers/running/first-worker.js';
import { freePort, isFree } from '../helpers/place/ports.js';
import { probe } from '../helpers/processes/probe.js';
import { isAlive, Run, type RunOptions } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';

const program = ['--interval=0', '--', probe()];

/** A superdaemon with the pid file `pid` in `cwd`, which has forked its first worker. */
async function running(t: Test, cwd: string, options: readonly string[] = [], how: RunOptions = {}): Promise<Run> {
  const run = new Run(t, ['--pid-file=pid', ...options, ...program], { cwd, ...how });
  await run.sees(/^starting new worker/);
  return run;
}

const content = (cwd: string) => readFileSync(join(cwd, 'pid'), 'latin1');

function isLocked(path: string): boolean {
  const descriptor = openSync(path, 'r+');
  try {
    return !addon.tryLock(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

t.test('it is complete and locked before the first worker, and gone at the end', async (t) => {
  const cwd = workspace(t);
  const run = await running(t, cwd);
  t.equal(content(cwd), `${String(run.pid)}\n`);
  t.ok(isLocked(join(cwd, 'pid')));
  t.same(await run.stop(), { code: 0, signal: null });
  t.same(readdirSync(cwd), []);
});

t.test('it is made with the umask in force', async (t) => {
  for (const [umask, mode] of [
    ['0000', 0o666],
    ['0022', 0o644],
    ['0077', 0o600],
  ] as const) {
    const cwd = workspace(t);
    const run = await running(t, cwd, [], { under: ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh'] });
    t.equal(statSync(join(cwd, 'pid')).mode & 0o777, mode, umask);
    await run.stop();
  }
});

t.test('a file that nobody locks is taken over', async (t) => {
  for (const stale of ['', '99999\n', 'a much longer text than any pid\n', String(process.pid)]) {
    const cwd = workspace(t);
    writeFileSync(join(cwd, 'pid'), stale);
    const { ino } = statSync(join(cwd, 'pid'));
    const run = await running(t, cwd);
    t.equal(content(cwd), `${String(run.pid)}\n`, JSON.stringify(stale));
    t.equal(statSync(join(cwd, 'pid')).ino, ino, 'and written in place');
    t.equal(run.lines.length, 2, 'without a word');
    await run.stop();
    t.same(readdirSync(cwd), []);
  }
});

t.test('a link is followed; at the end the link goes and its target stays', async (t) => {
  const cwd = workspace(t);
  symlinkSync('target', join(cwd, 'pid'));
  const run = await running(t, cwd);
  t.ok(lstatSync(join(cwd, 'pid')).isSymbolicLink());
  t.equal(readFileSync(join(cwd, 'target'), 'latin1'), `${String(run.pid)}\n`);
  await run.stop();
  t.same(readdirSync(cwd), ['target']);
});

t.test('workers do not hold it', async (t) => {
  const cwd = workspace(t);
  const { run, dump } = await firstWorker(t, ['--pid-file=pid'], { cwd });
  t.same(descriptors(dump), [0, 1, 2]);
  await run.sees(/^starting new worker/); // which a worker does not wait for
  run.signal('SIGKILL');
  await eventually('the end of its lock', () => !isLocked(join(cwd, 'pid')));
  const [worker = NaN] = run.workers;
  t.ok(isAlive(worker), 'though the worker lives');
  process.kill(worker, 'SIGKILL');
  const next = await running(t, cwd);
  t.equal(content(cwd), `${String(next.pid)}\n`);
  await next.stop();
});

t.test('a second instance ends at once and changes nothing', async (t) => {
  const cwd = workspace(t);
  const port = await freePort();
  const first = await running(t, cwd, ['--path=s', '--status-file=st']);
  await eventually('the status file', () => existsSync(join(cwd, 'st')));
  const before = ['pid', 's', 'st'].map((name) => statSync(join(cwd, name)).ino);
  const options = ['--pid-file=pid', '--path=s', '--status-file=st', `--port=${String(port)}`];
  // The original empties the file, takes the path, and waits for ever.
  const second = await failing(t, [...options, ...program], { cwd });
  t.equal(second.code, 1);
  const pid = String(first.pid);
  const line = `failed to lock file:pid: process ${pid} holds it; stop that start_server first, or give another --pid-file`;
  t.same(second.stderr.split('\n').slice(1), [line, '']);
  t.equal(content(cwd), `${pid}\n`);
  t.same(
    ['pid', 's', 'st'].map((name) => statSync(join(cwd, name)).ino),
    before,
  );
  t.ok(addon.isAccepting(join(cwd, 's')));
  t.same(await first.stop(), { code: 0, signal: null });
  t.same(readdirSync(cwd), []);
});

t.test('the holder is named also where it wrote no pid', async (t) => {
  const cwd = workspace(t);
  const holder = openSync(join(cwd, 'pid'), 'w+');
  t.teardown(() => closeSync(holder));
  t.ok(addon.tryLock(holder));
  const ended = await failing(t, ['--pid-file=pid', ...program], { cwd });
  t.match(ended, { code: 1, stderr: `\nfailed to lock file:pid: process ${String(process.pid)} holds it; ` });
  t.same(readdirSync(cwd), ['pid']);
});

const isRoot = process.getuid?.() === 0;
const asNobody = isRoot ? ['setpriv', '--reuid=65534', '--clear-groups', '--inh-caps=-all'] : [];
const refused: readonly (readonly [path: string, reason: string, code: number])[] = [
  ['no/pid', 'No such file or directory', 2],
  ['closed/pid', 'Permission denied', 13],
  ['readonly', 'Permission denied', 13],
  ['closed', 'Is a directory', 21],
];
t.test('what cannot be a pid file ends the start before anything is made', async (t) => {
  const port = await freePort();
  const cwd = workspace(t);
  mkdirSync(join(cwd, 'closed'));
  chmodSync(join(cwd, 'closed'), 0o555);
  writeFileSync(join(cwd, 'readonly'), '', { mode: 0o444 });
  chmodSync(cwd, 0o777);
  for (const [path, reason, code] of refused) {
    const options = [`--pid-file=${path}`, '--path=s', `--port=${String(port)}`, '--status-file=st'];
    const ended = await failing(t, [...options, ...program], { cwd, under: asNobody });
    t.equal(ended.code, code, path);
    t.same(ended.stderr.split('\n').slice(1), [
      `failed to open file:${path}: ${reason}; give a --pid-file that this user may write, in a directory that exists`,
      '',
    ]);
    t.ok(await isFree(port));
    t.same(readdirSync(cwd).sort(), ['closed', 'readonly']);
  }
});

t.test('a start that fails leaves the file as it was', async (t) => {
  const cwd = workspace(t);
  for (const failure of ['--port=1:1', '--path=no/s', '--status-file=no/st']) {
    await failing(t, ['--pid-file=pid', failure, ...program], { cwd });
    t.same(readdirSync(cwd), [], `none after ${failure}`);
  }
  writeFileSync(join(cwd, 'pid'), '12345\n');
  for (const failure of ['--port=1:1', '--path=no/s', '--status-file=no/st']) {
    await failing(t, ['--pid-file=pid', failure, ...program], { cwd });
    t.equal(content(cwd), '12345\n', failure);
  }
});

t.test('that it was removed is told at the end, and no error', async (t) => {
  const cwd = workspace(t);
  const run = await running(t, cwd);
  rmSync(join(cwd, 'pid'));
  t.same(await run.stop(), { code: 0, signal: null });
  t.same(run.lines.slice(-2), [
    'exiting',
    'failed to unlink file:pid:No such file or directory; remove it if it is still there',
  ]);
});

t.test("somebody else's file in its place stays", async (t) => {
  const cwd = workspace(t);
  const run = await running(t, cwd);
  renameSync(join(cwd, 'pid'), join(cwd, 'moved'));
  writeFileSync(join(cwd, 'pid'), '1\n');
  t.same(await run.stop(), { code: 0, signal: null });
  t.equal(run.lines.at(-1), 'exiting');
  t.equal(content(cwd), '1\n');
});

// Each removal takes a tenth of a second, else a waiter would always come too late to see anything.
const slowly = [
  ...['strace', '-D', '-f', '-qq', '-o', '/dev/null'],
  ...['-e', 'trace=?unlink,?unlinkat', '-e', 'inject=?unlink,?unlinkat:delay_enter=100000'],
];
const untraceable = spawnSync('strace', [...slowly.slice(1), 'true']).status !== 0 && 'strace cannot be used here';

t.test('sockets, status file and pid file are gone before the lock is free', { skip: untraceable }, async (t) => {
  const cwd = workspace(t);
  const run = await running(t, cwd, ['--path=s', '--status-file=st'], { under: slowly });
  await eventually('the status file', () => existsSync(join(cwd, 'st')));
  const waiter = spawn('flock', ['pid', 'ls', '-A'], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => waiter.kill('SIGKILL'));
  const isWaiting = new RegExp(`-> FLOCK +ADVISORY +WRITE ${String(waiter.pid)} `);
  await eventually('the waiter', () => isWaiting.test(readFileSync('/proc/locks', 'latin1')));
  const seen = text(waiter.stdout);
  t.same(await run.stop(), { code: 0, signal: null });
  t.equal(await seen, '');
});

t.test('it is relative to where the command was started, also with --dir', async (t) => {
  const cwd = workspace(t);
  const run = await running(t, cwd, ['--dir=/']);
  t.equal(content(cwd), `${String(run.pid)}\n`);
  await run.stop();
  t.same(readdirSync(cwd), []);
});
