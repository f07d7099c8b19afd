/** --restart: it returns when one new worker is all there is, and ends with an error when that cannot be any more. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { command, saidBy, serving } from '../helpers/running/control.js';
import { Run } from '../helpers/running/starter.js';
import { lingering, staying, type StatusRun } from '../helpers/running/status-run.js';

const success = { code: 0, stderr: '' };

/** Runs --restart to its end and gives the status file of that moment. */
async function statusAfter(t: Test, run: StatusRun, restart: Run = command(t, 'restart', run.directory)) {
  t.same(await saidBy(restart), success);
  return run.status;
}

t.test('it returns at once at an interval of 0, also from 9 to 10', async (t) => {
  const run = await serving(t);
  const waits: number[] = [];
  for (let generation = 2; generation <= 10; generation += 1) {
    const before = performance.now();
    await new Run(t, ['--version']).ended();
    const between = performance.now();
    t.equal(await statusAfter(t, run), `${String(generation)}:W${String(generation)}`);
    waits.push(performance.now() - between - (between - before));
  }
  // The original sleeps a second between two looks; what a command takes on this machine does not count.
  t.ok(Math.min(...waits) < 900, `${waits.map(Math.round).join()} ms`);
  await run.stop();
});

t.test('it waits for the end of old workers', async (t) => {
  const run = await serving(t, ['-l', '600']);
  t.equal(await statusAfter(t, run), '2:W2');
  t.match(run.story, /^old worker W1 died/m);
  await run.stop();
});

t.test('it waits for the kill-old-delay', async (t) => {
  const run = await serving(t, [], { options: ['--kill-old-delay=1'] });
  t.equal(await statusAfter(t, run), '2:W2');
  t.match(run.story, /^killing old workers\nold worker W1 died/m);
  await run.stop();
});

t.test('a generation that fails to start is skipped', async (t) => {
  const broken = join(t.testdir(), 'broken');
  const run = await serving(t, ['-f', broken], { options: ['--interval=1'] });
  writeFileSync(broken, '');
  const restart = command(t, 'restart', run.directory);
  await run.sees(/^new worker \d+ seems to have failed to start, exit status:2304/);
  rmSync(broken);
  t.match(await statusAfter(t, run, restart), /^([3-9]):W\1$/);
  await run.stop();
});

t.test('a new worker that dies beside the old one is skipped', async (t) => {
  const run = await serving(t, [], { options: ['--kill-old-delay=5'] });
  const restart = command(t, 'restart', run.directory);
  await run.says('1:W1 2:W2');
  run.kill(2);
  t.equal(await statusAfter(t, run, restart), '3:W3');
  await run.stop();
});

t.test('a HUP that comes in between does no harm', async (t) => {
  const run = await serving(t, [], { options: [lingering] });
  const restart = command(t, 'restart', run.directory);
  await run.says('1:W1 2:W2');
  run.signal('SIGHUP');
  await run.says('1:W1 2:W2 3:W3');
  for (const old of [1, 2]) run.kill(old);
  t.equal(await statusAfter(t, run, restart), '3:W3');
  await run.stop();
});

t.test('several at once all succeed', async (t) => {
  const run = await serving(t, ['-l', '100']);
  const restarts = [1, 2, 3].map(() => command(t, 'restart', run.directory));
  for (const restart of restarts) t.same(await saidBy(restart), success);
  t.match(run.status, /^([2-4]):W\1$/);
  await run.stop();
});

t.test('old workers of an earlier restart count as old', async (t) => {
  const run = await serving(t, [], { options: [lingering] });
  run.signal('SIGHUP');
  await run.says('1:W1 2:W2');
  const restart = command(t, 'restart', run.directory);
  await run.says('1:W1 2:W2 3:W3');
  for (const old of [1, 2]) run.kill(old);
  t.equal(await statusAfter(t, run, restart), '3:W3');
  await run.stop();
});

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  t.test(`it ends with an error when the superdaemon gets a ${signal} meanwhile`, async (t) => {
    const run = await serving(t, [], { options: ['--kill-old-delay=60', ...staying] });
    const restart = command(t, 'restart', run.directory);
    await run.says('1:W1 2:W2');
    run.signal(signal);
    if (signal === 'SIGTERM') {
      // The new one first: with the new one alone the status file would say that all is done.
      await run.sees(/^received TERM/);
      run.kill(2);
      await run.says('1:W1');
      run.kill(1);
    }
    const why = 'has ended before a new worker had taken over; look into its log, and start it again';
    t.same(await saidBy(restart), { code: 1, stderr: `the server process ${String(run.pid)} ${why}\n` });
  });
}

t.test('a status file that is missing for a moment is waited for', async (t) => {
  const run = await serving(t, [], { options: [lingering] });
  const restart = command(t, 'restart', run.directory);
  await run.says('1:W1 2:W2');
  renameSync(run.path, `${run.path}.away`);
  run.kill(1);
  t.equal(await statusAfter(t, run, restart), '2:W2');
  await run.stop();
});

t.test('one that stays missing is an error', async (t) => {
  const run = await serving(t, [], { options: ['--kill-old-delay=60'] });
  const restart = command(t, 'restart', run.directory);
  await run.says('1:W1 2:W2');
  rmSync(run.path);
  t.same(await saidBy(restart), {
    code: 2,
    stderr: 'failed to open file:st:No such file or directory; give that of a start_server that runs\n',
  });
  await run.stop();
});
