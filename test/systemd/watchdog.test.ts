/** Signs of life: they come from the loop itself, from READY=1 on, and only where they are asked for. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { workspace } from '../helpers/place/workspace.js';
import { ManagedRun } from '../helpers/systemd/managed-run.js';
import { ProbeRun } from '../helpers/systemd/probe-run.js';

const pinged = (run: ManagedRun, times: number) =>
  eventually(`${String(times)} signs of life`, () => run.pings.length >= times);

t.test('at half the time, also while nothing happens', async (t) => {
  const run = new ProbeRun(t, [], { watchdog: 1 });
  await run.reaches('active');
  await pinged(run, 4);
  const [first = NaN, , , fourth = NaN] = run.pings;
  t.ok(fourth - first > 1000, 'not oftener');
  await run.stop();
});

t.test('none before the start is over', async (t) => {
  const cwd = workspace(t);
  writeFileSync(join(cwd, 'broken'), '');
  const run = new ProbeRun(t, ['--interval=1'], { watchdog: 0.02, cwd });
  await run.sees(/^new worker \d+ seems to have failed to start/, 2);
  t.equal(run.pings.length, 0);
  run.repair();
  await pinged(run, 2);
  t.equal(run.state, 'active');
  await run.stop();
});

t.test('also when there is always something else to do', async (t) => {
  const storm = 'systemd-notify --ready; while :; do systemd-notify --status=x; done';
  const run = new ManagedRun(t, ['--ready=notify', '--', 'sh', '-c', storm], { watchdog: 0.05 });
  await run.reaches('active');
  await pinged(run, 20);
  await run.stop();
});

t.test('none where nobody asks, and none for the watchdog of another', async (t) => {
  for (const how of [{}, { watchdog: 0.02, under: ['env', 'WATCHDOG_PID=1'] }]) {
    const run = new ProbeRun(t, [], how);
    await run.reaches('active');
    await run.reload();
    await run.stop();
    await run.reaches('stopping');
    t.same(run.pings, []);
  }
});
