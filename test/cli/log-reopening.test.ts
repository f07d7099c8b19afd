/** USR1: after a rotation the output goes to the file that has the name now. */
import { existsSync, mkdirSync, readlinkSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { flagsOf } from '../helpers/processes/descriptor-flags.js';
import { eventually, eventuallySame } from '../helpers/eventually.js';
import { LoggedRun, type LoggedRunOptions } from '../helpers/running/logged-run.js';
import { probe } from '../helpers/processes/probe.js';
import { descriptorsOf, handles } from '../helpers/processes/processes.js';
import { after } from '../helpers/running/shells.js';
import { isAlive, Run } from '../helpers/running/starter.js';
import { withoutStrace } from '../helpers/processes/strace.js';

const reopened = /^received USR1, log file opened again$/;

/** Old workers stay: USR2 does nothing to them. Workers say which generation they are. */
async function started(t: Test, options: readonly string[] = ['--log-file=log'], how: LoggedRunOptions = {}) {
  const program = ['--interval=0', '--signal-on-hup=USR2', '--', probe(), '-s'];
  const run = new LoggedRun(t, [...options, ...program], how);
  // Either can be the first in the log.
  await run.logs(/^worker gen=1/);
  await run.logs(/^starting new worker/);
  return run;
}

function rename(run: LoggedRun, from: string, to: string): void {
  renameSync(join(run.directory, from), join(run.directory, to));
}

/** The paths of what a process has for its standard output and error. */
const outputs = (pid: number) => [1, 2].map((number) => readlinkSync(`/proc/${String(pid)}/fd/${String(number)}`));

t.test('the next line is in the new file, for the superdaemon and for workers started since', async (t) => {
  const run = await started(t);
  const [first = NaN] = run.workers;
  rename(run, 'log', 'log.1');
  run.signal('SIGUSR1');
  await run.logs(reopened);
  run.signal('SIGHUP');
  await run.logs(/^worker gen=2/);
  await run.logs(/^killing old workers$/);
  const [second = NaN] = run.workers;
  const [log, rotated] = [join(run.directory, 'log'), join(run.directory, 'log.1')];
  t.same(outputs(run.pid), [log, log], 'the superdaemon');
  t.same(outputs(second), [log, log], 'a worker started since');
  t.same(outputs(first), [rotated, rotated], 'the one that was there stays with the old file');
  await run.stop();
  t.match(run.read('log.1').split('\n').sort(), ['', /^starting new worker \d+$/, /^worker gen=1 pid=\d+$/]);
  const ours = run
    .read()
    .split('\n')
    .filter((line) => !line.startsWith('worker gen=')); // which may be the first
  t.match(ours, ['received USR1, log file opened again', 'received HUP, spawning a new worker']);
  t.match(run.read(), /^exiting\n$/m);
  t.equal(run.lines.length, 1, 'none of it on standard error');
});

t.test('without a HUP the worker goes on as it did', async (t) => {
  const run = await started(t);
  const [worker = NaN] = run.workers;
  rename(run, 'log', 'log.1');
  run.signal('SIGUSR1');
  await run.logs(reopened);
  t.ok(isAlive(worker));
  t.same(await run.stop(), { code: 0, signal: null });
  t.match(run.read(), new RegExp(`^worker ${String(worker)} died`, 'm'));
});

t.test('again and again no descriptor is left behind', async (t) => {
  const run = await started(t);
  const before = descriptorsOf(run.pid);
  for (const round of [1, 2, 3]) {
    rename(run, 'log', `log.${String(round)}`);
    run.signal('SIGUSR1');
    await run.logs(reopened);
  }
  await eventuallySame(t, () => descriptorsOf(run.pid), before);
  run.signal('SIGUSR1');
  await run.logs(reopened, { times: 2 });
  t.match(run.read(), /^(?:received USR1, log file opened again\n){2}$/, 'where nothing was renamed it is appended to');
  await run.stop();
});

t.test('the new file is made and held as the first one was', async (t) => {
  const run = await started(t, ['--log-file=log'], { under: after('umask 027') });
  rename(run, 'log', 'log.1');
  run.signal('SIGUSR1');
  await run.logs(reopened);
  t.equal(statSync(join(run.directory, 'log')).mode & 0o7777, 0o640);
  t.match(flagsOf(2, run.pid), { append: true, nonBlocking: false });
  await run.stop();
});

t.test('a file that cannot be opened again is told in the old one, and the service goes on', async (t) => {
  const run = await started(t, ['--log-file=d/log'], { under: after('mkdir d'), log: 'd/log' });
  rename(run, 'd', 'e');
  run.signal('SIGUSR1');
  await run.logs(/^failed to open log file:d\/log: No such file or directory;/, { name: 'e/log' });
  run.signal('SIGHUP');
  await run.logs(/^worker gen=2/, { name: 'e/log' });
  t.equal(run.read('e/log').match(/failed|USR1/g)?.length, 1, 'one line');
  mkdirSync(join(run.directory, 'd'));
  run.signal('SIGUSR1');
  await run.logs(reopened);
  t.same(await run.stop(), { code: 0, signal: null });
  t.match(run.read(), /^received USR1, log file opened again\n(?:.*\n)*exiting\n$/);
});

t.test('a FIFO that nobody reads any more holds up nobody', async (t) => {
  const under = after('mkfifo fifo; cat fifo >log & echo $! >reader');
  const run = await started(t, ['--log-file=fifo'], { under });
  process.kill(Number(run.read('reader')));
  run.signal('SIGUSR1');
  t.same(await run.stop(), { code: 0, signal: null });
});

// While host names are looked up, nothing has been redirected yet.
const early = { skip: withoutStrace };
t.test('before the first worker it does no more than to open the file that has the name', early, async (t) => {
  const slow = ['strace', '-D', '-f', '-o', '/dev/null', '-P', '/etc/hosts', '-e', 'inject=openat:delay_enter=3000000'];
  const run = new LoggedRun(t, ['--log-file=log', '--interval=0', '--port=localhost:0', '--', 'sleep', '100'], {
    under: slow,
  });
  await eventually('the log', () => run.has('log'));
  await eventually('the handlers', () => handles(run.pid, 'SIGHUP'));
  rename(run, 'log', 'log.1');
  run.signal('SIGUSR1');
  await eventually('a worker', () => run.read() + run.read('log.1'));
  await run.logs(/^starting new worker/);
  await run.stop();
  t.equal(run.read('log.1'), '');
});

t.test('without a log file nothing happens', async (t) => {
  for (const options of [[], ['--log-file=0']]) {
    const run = new Run(t, [...options, '--interval=0', '--', 'sleep', '100']);
    await run.sees(/^starting new worker/);
    run.signal('SIGUSR1');
    run.signal('SIGHUP');
    await run.sees(/^old worker \d+ died/);
    t.same(await run.stop(), { code: 0, signal: null });
    t.notMatch(run.stderr, /USR1|log file/);
  }
});

t.test('a logger does not care', async (t) => {
  const run = await started(t, ['--log-file', '| cat >log']);
  rename(run, 'log', 'log.1');
  run.signal('SIGUSR1');
  run.signal('SIGHUP');
  await run.logs(/^worker gen=2/, { name: 'log.1' });
  t.notMatch(run.read('log.1'), /USR1/);
  t.notOk(existsSync(join(run.directory, 'log')));
  await run.stop();
});

t.test('sockets on 1 and 2 stay with the worker, the lines of the superdaemon in the log', async (t) => {
  const ports = ['--port=127.0.0.1:0=1', '--port=[::1]:0=2'];
  const run = new LoggedRun(t, ['--log-file=log', ...ports, '--interval=0', '--', probe(), '-o', 'dump.%g']);
  for (const generation of [1, 2]) {
    await eventually('the worker', () => existsSync(join(run.directory, `dump.${String(generation)}`)));
    await run.logs(/^starting new worker/); // which a worker does not wait for
    const sockets = outputs(run.workers.at(-1) ?? NaN);
    t.ok(
      sockets.every((target) => target.startsWith('socket:')),
      sockets.join(),
    );
    if (generation === 2) break;
    rename(run, 'log', 'log.1');
    run.signal('SIGUSR1');
    await run.logs(reopened);
    run.signal('SIGHUP');
  }
  t.same(outputs(run.pid), Array(2).fill(join(run.directory, 'log')));
  await run.logs(/^old worker \d+ died/);
  await run.stop();
  t.match(run.read(), /^exiting$/m);
});
