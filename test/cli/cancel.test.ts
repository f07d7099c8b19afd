/** --cancel: a restart is given up, who served serves on, and whoever has waited for it is told. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { commanding, controlled } from '../helpers/running/control-socket.js';
import { success } from '../helpers/running/faults.js';
import { reconfiguring, statusOf } from '../helpers/running/reconfiguring.js';
import { Run } from '../helpers/running/starter.js';
import { StatusRun, staying } from '../helpers/running/status-run.js';
import { eventually } from '../helpers/eventually.js';

t.jobs = 4;

const given = { code: 75, signal: null };

/** What a worker that was told to end leaves in the status: nothing to repair. */
const notFailed = { state: 'running', lastFailure: undefined, counters: { failedStarts: 0, failedRestarts: 1 } };

t.test('a worker on probation has to end, the old one serves on', async (t) => {
  const run = await controlled(t, [], { options: ['--interval=2'] });
  const restart = commanding(t, ['--restart'], run.directory);
  await run.sees(/^starting new worker/, 2);
  t.same(await commanding(t, ['--cancel'], run.directory).ended(), success);
  t.same(await restart.ended(), given);
  t.match(restart.stderr, /^the restart was cancelled; who served before serves on, .*\n$/);
  t.equal(run.status, '1:W1', 'as before');
  t.match(run.story, /^the restart is cancelled, sending TERM to new worker W2\n.*W2.*\nthe restart is cancelled, worker W1 goes on$/m); // prettier-ignore
  t.match(await statusOf(t, run), notFailed);
  t.same(await run.stop(), success);
});

t.test('a restart that keeps failing is given up, and the next one is another', async (t) => {
  const run = await controlled(t, ['-f', 'broken'], { options: ['--interval=1'] });
  writeFileSync(join(run.directory, 'broken'), '');
  const restart = commanding(t, ['--restart'], run.directory);
  await run.sees(/^new worker \d+ seems to have failed to start/, 2);
  t.same(await commanding(t, ['--cancel', '--timeout=80'], run.directory).ended(), success);
  t.same(await restart.ended(), given);
  rmSync(join(run.directory, 'broken'));
  const starts = run.workers.length;
  t.same(await commanding(t, ['--restart'], run.directory).ended(), success);
  t.equal(run.workers.length, starts + 1, 'none was started in between');
  t.same(await run.stop(), success);
});

t.test('until the old workers are told to end, there is a way back', async (t) => {
  const run = await controlled(t, [], { options: ['--kill-old-delay=80'] });
  const restart = commanding(t, ['--restart'], run.directory);
  await run.sees(/^sleeping 80 secs/);
  t.same(await commanding(t, ['--cancel'], run.directory).ended(), success);
  t.same(await restart.ended(), given);
  await run.says('1:W1');
  t.same(await run.stop(), success);
});

t.test('a new command line on trial is withdrawn', async (t) => {
  const run = await controlled(t, [], { options: ['--interval=2'] });
  const options = ['--control=c', '--interval=3', '--pid-file=pid', '--status-file=st'];
  const reconfigure = new Run(t, ['--reconfigure', ...options, '--', 'sleep', '99'], { cwd: run.directory });
  await run.sees(/^starting new worker/, 2);
  t.same(await commanding(t, ['--cancel'], run.directory).ended(), success);
  t.same(await reconfigure.ended(), given);
  t.match(reconfigure.stderr, /^the new command line was cancelled before it was in force; nothing has changed\n$/);
  t.equal(run.status, '1:W1');
  t.match(await statusOf(t, run), notFailed);
  t.same(await run.stop(), success);
});

t.test('a new command line whose time is over is withdrawn, too', async (t) => {
  const run = await controlled(t);
  const reconfigure = reconfiguring(t, run, [], { options: ['--interval=99'], how: ['--timeout=2'] });
  t.same(await reconfigure.ended(), { code: 124, signal: null });
  await run.sees(/^starting new worker/, 2);
  t.match(await statusOf(t, run), notFailed);
  t.same(await run.stop(), success);
});

t.test('where nothing can be cancelled, that is said, and nothing is done', async (t) => {
  const run = await controlled(t);
  const nothing = commanding(t, ['--cancel'], run.directory);
  t.same(await nothing.ended(), given);
  t.match(nothing.stderr, /^nothing is cancelled: no restart is under way; .*\n$/);
  t.equal(run.workers.length, 1);
  t.same(await run.stop(), success);
});

t.test('the first start of all is not given up', async (t) => {
  const run = new StatusRun(t, ['--control=c', '--interval=2']);
  await run.sees(/^starting new worker/);
  const cancel = commanding(t, ['--cancel'], run.directory);
  t.same(await cancel.ended(), given);
  t.match(cancel.stderr, /^nothing is cancelled: no other worker serves that could go on; /);
  await eventually('the first worker', () => existsSync(run.path));
  t.equal(run.status, '1:W1');
  t.same(await run.stop(), success);
});

t.test('a worker that does not end is told of when the time is over', async (t) => {
  const run = await controlled(t, [], { options: ['--interval=2', '--signal-on-term=USR2', '--stop-timeout=60'] });
  run.signal('SIGHUP');
  await run.sees(/^starting new worker/, 2);
  const cancel = commanding(t, ['--cancel', '--timeout=1'], run.directory);
  t.same(await cancel.ended(), { code: 124, signal: null });
  t.match(cancel.stderr, /^the restart is cancelled, but its worker has not ended within 1 secs; /);
  run.kill(2);
  await run.sees(/^the restart is cancelled, worker \d+ goes on/);
  t.same(await run.endKilling(1), success);
});

t.test('an end is not cancelled', async (t) => {
  const run = await controlled(t, [], { options: staying });
  const stop = commanding(t, ['--stop'], run.directory);
  await run.sees(/^received TERM/);
  const cancel = new Run(t, ['--cancel', '--control=c'], { cwd: run.directory });
  t.same(await cancel.ended(), { code: 1, signal: null });
  t.match(cancel.stderr, 'start_server is about to end');
  run.kill(1);
  t.same(await stop.ended(), success);
});
