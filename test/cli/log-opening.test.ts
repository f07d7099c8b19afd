/** Opening what stands at the path of --log-file waits for nobody, be it at the start or at USR1. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { flagsOf } from '../helpers/processes/descriptor-flags.js';
import { eventually } from '../helpers/eventually.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { LoggedRun } from '../helpers/running/logged-run.js';
import { handles } from '../helpers/processes/processes.js';
import { room } from '../helpers/place/room.js';
import { after } from '../helpers/running/shells.js';

const success = { code: 0, signal: null };
const worker = ['--interval=0', '--', 'sleep', '100'];

t.test('a FIFO at the start waits for its reader, and for no longer than until TERM', async (t) => {
  const run = new LoggedRun(t, ['--log-file=fifo', '--pid-file=pid', ...worker], { under: after('mkfifo fifo') });
  await eventually('the wait', () => handles(run.pid, 'SIGHUP'));
  t.same(await run.stop(), success);
  t.match(run.stderr, /starting now...\nreceived TERM, sending TERM to all workers:none\nexiting\n$/);
  t.notOk(run.has('pid'));
});

t.test('a FIFO that gets its reader later', async (t) => {
  const run = new LoggedRun(t, ['--log-file=fifo', ...worker], { under: after('mkfifo fifo') });
  await eventually('the wait', () => handles(run.pid, 'SIGHUP'));
  const reader = spawn('cat', ['fifo'], { cwd: run.directory, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  reader.stdout.setEncoding('latin1').on('data', (more: string) => (text += more));
  await eventually('a worker', () => /^starting new worker (\d+)$/m.exec(text)?.[1]);
  t.match(flagsOf(2, run.pid), { nonBlocking: false, append: true }, 'workers get it as the original opens it');
  t.same(await run.stop(), success);
  await eventually('the last line', () => text.endsWith('\nexiting\n'), { seen: () => text });
});

t.test('a FIFO in the place of the log at USR1', async (t) => {
  const run = new LoggedRun(t, ['--log-file=log', ...worker], { log: 'log.1' });
  await run.logs(/^starting new worker/, { name: 'log' });
  renameSync(join(run.directory, 'log'), join(run.directory, 'log.1'));
  await once(spawn('mkfifo', [join(run.directory, 'log')]), 'exit');
  run.signal('SIGUSR1');
  await run.logs(/^failed to open log file:log: No such device or address; /);
  t.same(await run.stop(), success);
});

/** Somebody who has the file to himself by a lease, for which open(2) waits 45 seconds; told to, he takes it. */
async function leased(t: Test, file: string): Promise<void> {
  const script =
    '$SIG{IO} = "IGNORE"; open F, "+<", shift and fcntl F, 1024, 1 and print "held\\n" or exit 1; sleep 99';
  const holder = spawn('perl', ['-e', `$| = 1; ${script}`, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
}

t.test('a lease on the file that stands there', { skip: withoutCommand('perl') }, async (t) => {
  const directory = room(t);
  const log = join(directory, 'log');
  const how = { cwd: directory, log: 'log.1' }; // the test would wait, too, if it looked into it
  const run = new LoggedRun(t, ['--log-file=log', ...worker], how);
  await run.logs(/^starting new worker/, { name: 'log' });
  renameSync(log, `${log}.1`);
  writeFileSync(log, '');
  await leased(t, log);
  run.signal('SIGUSR1');
  await run.logs(/^failed to open log file:log: Resource temporarily unavailable; /);
  t.same(await run.stop(), success);
  const again = new LoggedRun(t, ['--log-file=log', ...worker], how);
  t.same(await again.ended(), { code: 11, signal: null });
});
