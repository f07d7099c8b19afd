/** Whom the next start after a kill -9 tells to end, and whom it leaves alone. */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { failing } from '../helpers/running/first-worker.js';
import { freePort } from '../helpers/place/ports.js';
import { compiled } from '../helpers/place/compile.js';
import { probe } from '../helpers/processes/probe.js';
import { room } from '../helpers/place/room.js';
import { fixture } from '../helpers/place/samples.js';
import { isAlive, original, plainEnvironment, Run, type RunOptions } from '../helpers/running/starter.js';

const files = ['--pid-file=pid', '--status-file=st', '--interval=0'];
const told = /^a start_server before this one was killed, sending TERM to its workers:/;

/** As where a process may not be traced: then sockets cannot be taken over. */
const withoutTaking = () => [compiled('refuse', ['refuse.c']), 'pidfd_getfd', '1'];

/** A run that was killed when its first worker was in the status file. Gives that worker. */
async function killed(t: Test, words: readonly string[], how: RunOptions & { cwd: string }): Promise<number> {
  const run = new Run(t, [...files, ...words], how);
  await eventually('the status file', () => existsSync(join(how.cwd, 'st')), { seen: () => run.stderr });
  run.signal('SIGKILL');
  await eventually('its end', () => !isAlive(run.pid));
  return run.workers[0] ?? NaN;
}

async function port(): Promise<string> {
  return `--port=127.0.0.1:${String(await freePort())}`;
}

t.test(
  'where sockets cannot be taken over, the children of a master that ends before them are waited for, and nobody connects to them',
  async (t) => {
    for (const listener of [await port(), '--path=s']) {
      const cwd = room(t);
      const words = [listener, '--', 'perl', fixture('leaving-master.pl'), '0.7', join(cwd, 'count')];
      const master = await killed(t, words, { cwd });
      const run = new Run(t, [...files, ...words], { cwd, under: withoutTaking() });
      await run.sees(told);
      t.match(run.stderr, /cannot be taken over while they are served: Operation not permitted; be root or /);
      t.notOk(existsSync(join(cwd, 'count')), 'before the child has ended');
      await run.sees(/^starting new worker/);
      t.ok(run.stderr.includes(`to its workers:${String(master)}\n`), 'the child is its own affair');
      t.notOk(existsSync(join(cwd, 'count')), 'no connection without a word');
      t.same(await run.stop(), { code: 0, signal: null });
    }
  },
);

t.test('a process that has the pid now is left alone, whatever its environment says', async (t) => {
  const cwd = room(t);
  const listener = await port();
  // As a child of another service after a reboot, which has the first generation there, too.
  const env = { ...plainEnvironment(), SERVER_STARTER_GENERATION: '1', SERVER_STARTER_PORT: listener.slice(7) + '=3' };
  const innocent = spawn('sleep', ['99'], { env, stdio: 'ignore' });
  t.teardown(() => innocent.kill('SIGKILL'));
  writeFileSync(join(cwd, 'st'), `1:${String(innocent.pid)}\n`);
  const run = new Run(t, [...files, listener, '--', probe()], { cwd });
  await run.sees(/^starting new worker/);
  t.notMatch(run.stderr, /was killed/);
  t.same(await run.stop(), { code: 0, signal: null });
  t.ok(isAlive(innocent.pid ?? NaN));
});

t.test('a superdaemon that lives keeps its workers, whatever it is called', { skip: withoutOriginal() }, async (t) => {
  const cwd = room(t);
  const listener = await port();
  copyFileSync(original()?.command ?? '', join(cwd, 'another'));
  const starter = { name: 'another', command: join(cwd, 'another') };
  const living = new Run(t, ['--interval=0', listener, '--', 'sleep', '99'], { cwd, under: ['perl'], starter });
  await living.sees(/^starting new worker/);
  const [worker = NaN] = living.workers;
  writeFileSync(join(cwd, 'st'), `1:${String(worker)}\n2:${String(living.pid)}\n`);
  const ended = await failing(t, [...files, listener, '--', probe()], { cwd });
  // Its worker holds the socket as well; it is the one above that has to be stopped.
  const line = `Address already in use; process ${String(living.pid)} ("perl") has it: stop it, or give another --port\n`;
  t.same([ended.code, ended.stderr.endsWith(line)], [98, true], ended.stderr);
  t.notMatch(ended.stderr, /was killed/);
  t.same([living.pid, worker].map(isAlive), [true, true]);
});

function withoutOriginal(): string | false {
  return original() === undefined && "Perl's start_server is not installed";
}

t.test('workers of another network namespace are not those of this address', { skip: notRoot() }, async (t) => {
  const cwd = room(t);
  const words = [(await port()).replace('127.0.0.1:', ''), '--', probe()];
  const worker = await killed(t, words, { cwd, under: ['unshare', '--net'] });
  const run = new Run(t, [...files, ...words], { cwd });
  await run.sees(/^starting new worker/);
  t.notMatch(run.stderr, /was killed/);
  t.same(await run.stop(), { code: 0, signal: null });
  t.ok(isAlive(worker));
});

function notRoot(): string | false {
  return process.getuid?.() !== 0 && 'only root can be somebody else';
}

const asUser = ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups'];
for (const [what, under, program] of [
  ['a plain user', asUser, [probe()]],
  ['root whose workers have become another', [], [...asUser, probe()]],
] as const) {
  t.test(`the workers of ${what}`, { skip: notRoot() }, async (t) => {
    const cwd = room(t);
    spawn('chmod', ['777', cwd]);
    const words = [await port(), '--', ...program];
    const worker = await killed(t, words, { cwd, under });
    const run = new Run(t, [...files, ...words], { cwd, under });
    await run.sees(/^starting new worker/);
    t.match(run.stderr, `taking over the sockets of its workers:${String(worker)}; they get TERM`);
    await eventually('its end', () => !isAlive(worker));
    t.same(await run.stop(), { code: 0, signal: null });
  });
}

t.test('with one of the two files alone nobody is told to end, and who has the address is named', async (t) => {
  for (const without of ['--pid-file=pid', '--status-file=st']) {
    const cwd = room(t);
    const listener = await port();
    const worker = await killed(t, [listener, '--', probe()], { cwd });
    const options = files.filter((option) => option !== without);
    const ended = await failing(t, [...options, listener, '--', 'true'], { cwd });
    t.match(
      ended,
      { code: 98, stderr: `Address already in use; process ${String(worker)} ("probe") has it: ` },
      without,
    );
    t.ok(isAlive(worker));
  }
});
