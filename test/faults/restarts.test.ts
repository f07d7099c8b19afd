/** A new worker's interval and the kill-old-delay last as long as they should, and a stop overtakes both. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { FaultRun, success, workerStarted } from '../helpers/running/faults.js';
import { isAlive } from '../helpers/running/starter.js';

t.jobs = 5; // most of them wait for an interval, which is long enough for a busy machine

const buffered = { buffered: true };

/** While there is a file `broken`, it fails when there is a file `fail`, too; otherwise it serves. */
const program = ['--', 'sh', '-c', 'test -e broken || exec sleep 99; until test -e fail; do sleep 0.02; done; exit 9'];

/** A run whose first worker is accepted. */
async function serving(t: Test, options: readonly string[]): Promise<FaultRun> {
  const run = new FaultRun(t, ['--status-file=st', ...options, ...program]);
  await run.appears('st');
  return run;
}

/** One whose first HUP is acted on: until then others would be one with it. */
async function restarting(t: Test): Promise<FaultRun> {
  const run = await serving(t, ['--interval=3']);
  run.signal('SIGHUP');
  await run.sees(/^starting new worker/, 2);
  return run;
}

for (const [row, signal] of [
  ['06', 'SIGHUP'],
  ['07', 'SIGALRM'],
] as const) {
  t.test(`row ${row}: ${signal} does not shorten the interval of a new worker`, buffered, async (t) => {
    const run = await serving(t, ['--interval=3']);
    writeFileSync(join(run.directory, 'broken'), '');
    run.signal('SIGHUP');
    await run.sees(/^starting new worker/, 2);
    await run.deliver(signal);
    writeFileSync(join(run.directory, 'fail'), '');
    await run.sees(/^new worker (\d+ seems to have failed|is now running)/);
    t.notMatch(run.story, /^new worker is now running/m);
    t.ok(isAlive(run.worker(1)), 'the worker that serves is left alone');
    t.same(await run.stop(), success);
  });
}

t.test('row 06: HUPs during a restart are folded into one further restart', buffered, async (t) => {
  const run = await restarting(t);
  for (let count = 1; count < 4; count += 1) await run.deliver('SIGHUP');
  await run.sees(/^killing old workers$/, 2);
  t.same(await run.stop(), success);
  t.equal(run.story.match(/^received HUP/gm)?.length, 2);
  t.equal(run.workers.length, 3);
});

t.test('row 08: TERM while a new worker fails to start ends it without a further start', buffered, async (t) => {
  const run = await serving(t, ['--interval=3']);
  for (const file of ['broken', 'fail']) writeFileSync(join(run.directory, file), '');
  run.signal('SIGHUP');
  await run.sees(/^new worker \d+ seems to have failed to start/);
  await run.sees(/^starting new worker/, 3);
  t.same(await run.stop(), success);
  t.equal(run.workers.length, 3);
  t.notMatch(run.story, /^new worker is now running/m);
});

t.test('row 09: TERM overtakes HUPs that wait', buffered, async (t) => {
  const run = await restarting(t);
  for (let count = 1; count < 3; count += 1) await run.deliver('SIGHUP');
  run.signal('SIGTERM');
  t.same(await run.ended(), success);
  t.equal(run.story.match(/^received HUP/gm)?.length, 1);
  t.equal(run.workers.length, 2);
});

t.test('row 10: TERM ends a kill-old-delay', buffered, async (t) => {
  const run = await serving(t, ['--interval=0', '--kill-old-delay=60']);
  run.signal('SIGHUP');
  await run.sees(/^sleeping 60 secs before killing old workers$/);
  t.same(await run.stop(), success);
  t.notMatch(run.story, /^killing old workers$/m, 'which is never over');
});

t.test('row 10: HUPs do not shorten a kill-old-delay', buffered, async (t) => {
  const run = await serving(t, ['--interval=0', '--kill-old-delay=2']);
  const begin = performance.now();
  run.signal('SIGHUP');
  await run.sees(/^sleeping 2 secs before killing old workers$/);
  for (let count = 0; count < 4; count += 1) await run.deliver('SIGHUP');
  await run.sees(/^killing old workers$/);
  const seconds = (performance.now() - begin) / 1000;
  t.ok(seconds >= 2, `${String(seconds)} s`);
  t.same(await run.stop(), success);
});

t.test('row 35: when the new worker dies during the kill-old-delay, the old ones stay', buffered, async (t) => {
  const run = await serving(t, ['--interval=0', '--kill-old-delay=60']);
  run.signal('SIGHUP');
  await run.sees(/^sleeping 60 secs before killing old workers$/);
  process.kill(run.worker(2), 'SIGKILL');
  await run.sees(/^worker \d+ died unexpectedly with status:9, restarting$/);
  t.notMatch(run.story, /^killing old workers$/m);
  t.ok(isAlive(run.worker(1)));
  await run.sees(/^starting new worker/, 3);
  t.same(await run.stop(), success);
});

t.test('row 40: at an interval of 0 failed starts are paced', buffered, async (t) => {
  const begin = performance.now();
  const run = new FaultRun(t, ['--interval=0', '--', 'false']);
  await run.sees(/^starting new worker/, 7); // after 10 + 20 + 40 + 80 + 160 + 320 ms
  const seconds = (performance.now() - begin) / 1000;
  t.ok(seconds >= 0.63, `${String(seconds)} s`);
  t.same(await run.stop(), success);
});

t.test('row 40: a negative interval is an error', buffered, async (t) => {
  const run = new FaultRun(t, ['--interval=-1', ...program]);
  const outcome = await run.outcome();
  t.not(outcome, workerStarted);
  t.equal(outcome, 1);
});
