/** --stop: it returns when the superdaemon is gone, and not before. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { command, holder, saidBy, serving, victim } from '../helpers/running/control.js';
import { eventually } from '../helpers/eventually.js';
import { probe } from '../helpers/processes/probe.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { isAlive, ours, plainEnvironment } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';
import { procFile } from '../helpers/processes/proc-file.js';

const stopping = (pid: number) => `stop_server (pid:OWN) stopping now (pid:${String(pid)})...\n`;

/** Runs --stop, and right after it looks at what is left: names in the directory, and the state of the process. */
async function leftAfterStop(t: Test, cwd: string, pid: number): Promise<string[]> {
  const script = `"$@" && ls -A && sed 's/^.*) \\(.\\).*/\\1/' /proc/${String(pid)}/stat 2>/dev/null`;
  const stop = command(t, 'stop', cwd, { under: ['sh', '-c', script, 'sh'] });
  await stop.ended();
  t.match(stop.stderr, new RegExp(`^stop_server \\(pid:\\d+\\) stopping now \\(pid:${String(pid)}\\)\\.\\.\\.\n$`));
  // Whoever has started the superdaemon may not have reaped it yet.
  return stop.stdout.split('\n').filter((line) => line !== '' && line !== 'Z');
}

for (const linger of ['0', '1200']) {
  t.test(`at its return nothing is left, though a worker lingers for ${linger} ms`, async (t) => {
    const run = await serving(t, ['-l', linger], { options: ['--path=s'] });
    t.same(await leftAfterStop(t, run.directory, run.pid), []);
    t.same(await run.ended(), { code: 0, signal: null });
    t.equal(run.lines.at(-1), 'exiting');
  });
}

t.test('that the lock is free is not enough', async (t) => {
  const cwd = workspace(t);
  // As the original: sockets are removed when the lock has been given up.
  const script = `trap 'exec 9>&-; rm pid; sleep 0.2; rm s; exit' TERM
    exec 9<>pid; flock 9; echo $$ >pid; echo >s; echo locked; while :; do sleep 0.01; done`;
  const server = spawn('sh', ['-c', script], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => server.kill('SIGKILL'));
  await once(server.stdout, 'data');
  t.same(await leftAfterStop(t, cwd, server.pid ?? NaN), []);
});

t.test('that the process is gone is not enough', async (t) => {
  const cwd = workspace(t);
  // A child that was forked and has not executed its program yet shares the lock.
  const script = `exec 9<>pid; flock 9; echo $$ >pid;
    { while kill -0 $$ 2>/dev/null; do sleep 0.01; done; sleep 0.3; rm pid; } & echo locked; exec sleep 99`;
  const server = spawn('sh', ['-c', script], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => server.kill('SIGKILL'));
  await once(server.stdout, 'data');
  t.same(await leftAfterStop(t, cwd, server.pid ?? NaN), []);
});

t.test('twice at once, both succeed', async (t) => {
  const run = await serving(t, ['-i', 'TERM']);
  const both = [command(t, 'stop', run.directory), command(t, 'stop', run.directory)];
  for (const each of both) await each.sees(/^stop_server/);
  for (const worker of run.workers) process.kill(worker, 'SIGKILL');
  for (const each of both) t.same(await saidBy(each), { code: 0, stderr: stopping(run.pid) });
});

t.test('twice at once, one that comes when all is over finds no file', async (t) => {
  const run = await serving(t);
  const said = await Promise.all([1, 2].map(() => saidBy(command(t, 'stop', run.directory))));
  const gone = {
    code: 2,
    stderr: 'failed to open file:pid:No such file or directory; give that of a start_server that runs\n',
  };
  for (const each of said) t.same(each, each.code === 2 ? gone : { code: 0, stderr: stopping(run.pid) });
  t.ok(said.some(({ code }) => code === 0));
});

t.test('a zombie counts as gone', async (t) => {
  const cwd = workspace(t);
  const words = ['--pid-file=pid', '--interval=0', '--', probe()];
  // A caller that becomes a program which never reaps what the caller has started.
  const script = '"$@" & exec sleep 99';
  const env = plainEnvironment();
  const caller = spawn('sh', ['-c', script, 'sh', ours.command, ...words], { cwd, env, stdio: 'ignore' });
  t.teardown(() => caller.kill('SIGKILL'));
  const read = () => existsSync(join(cwd, 'pid')) && Number(readFileSync(join(cwd, 'pid'), 'latin1'));
  const pid = await eventually('the pid file', () => read() || undefined);
  t.same(await saidBy(command(t, 'stop', cwd)), { code: 0, stderr: stopping(pid) });
  t.match(procFile(pid, 'stat'), /\) Z /);
});

t.test('one that is killed meanwhile is gone, too', async (t) => {
  const run = await serving(t, ['-i', 'TERM']);
  const stop = command(t, 'stop', run.directory);
  await run.sees(/^received TERM/);
  run.signal('SIGKILL');
  t.same(await saidBy(stop), { code: 0, stderr: stopping(run.pid) });
});

t.test('it keeps to the file that it has opened', async (t) => {
  const cwd = workspace(t);
  const first = await holder(t, cwd, 'PID', { ignored: 'TERM' });
  const stop = command(t, 'stop', cwd);
  await stop.sees(/^stop_server/);
  renameSync(join(cwd, 'pid'), join(cwd, 'old'));
  const second = await holder(t, cwd, 'PID');
  process.kill(first, 'SIGKILL');
  t.same(await saidBy(stop), { code: 0, stderr: stopping(first) });
  t.ok(isAlive(second));
});

t.test('a new instance that takes over the same file is not waited for', async (t) => {
  const cwd = workspace(t);
  const first = await holder(t, cwd, 'PID', { ignored: 'TERM' });
  const stop = command(t, 'stop', cwd);
  await stop.sees(/^stop_server/);
  // It stands in the queue for the lock, so that no look of --stop can find it free.
  const second = holder(t, cwd, 'PID');
  const waits = new RegExp(` -> FLOCK .*:${String(statSync(join(cwd, 'pid')).ino)} `);
  await eventually('the queue', () => waits.test(readFileSync('/proc/locks', 'latin1')));
  process.kill(first, 'SIGKILL');
  t.same(await saidBy(stop), { code: 0, stderr: stopping(first) });
  t.ok(isAlive(await second));
});

t.test('a superdaemon that has not written its pid yet is waited for', async (t) => {
  const cwd = workspace(t);
  const pid = victim(t);
  writeFileSync(join(cwd, 'pid'), `${String(pid)}\n`);
  const script = 'exec 9<>pid; flock 9; echo locked; read -r line; echo $$ >pid; exec sleep 99';
  const starting = spawn('sh', ['-c', script], { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  t.teardown(() => starting.kill('SIGKILL'));
  await once(starting.stdout, 'data');
  const stop = command(t, 'stop', cwd);
  await eventually('its look at the file', () => hasOpen(stop.pid, join(cwd, 'pid')));
  starting.stdin.write('\n');
  t.same(await saidBy(stop), { code: 0, stderr: stopping(starting.pid ?? NaN) });
  t.ok(isAlive(pid));
});

function hasOpen(pid: number, path: string): boolean {
  return descriptorsOf(pid).some((line) => line.endsWith(` ${path}`));
}
