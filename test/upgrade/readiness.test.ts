/** A worker on probation tells the next image that it is ready, and one that has told is not asked again. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { withoutCommand } from '../helpers/place/installed.js';
import { room } from '../helpers/place/room.js';
import { FaultRun, success } from '../helpers/running/faults.js';
import { isAlive } from '../helpers/running/starter.js';
import { upgrade, withoutUpgrade } from '../helpers/running/upgrades.js';

const say = {
  fd: { skip: withoutUpgrade, words: 'eval "echo >&$SERVER_STARTER_READY_FD"' },
  notify: { skip: withoutUpgrade || withoutCommand('systemd-notify'), words: 'systemd-notify --ready' },
};

/** Each generation waits for a file of its name, tells that it is ready, and stays. */
function starting(t: Test, ready: keyof typeof say, options: readonly string[] = []): FaultRun {
  const script = `until [ -e $SERVER_STARTER_GENERATION ]; do sleep 0.02; done; ${say[ready].words}; exec sleep 99`;
  return new FaultRun(t, ['--interval=0', `--ready=${ready}`, ...options, '--', 'sh', '-c', script], { cwd: room(t) });
}

function go(run: FaultRun, generation: number): void {
  writeFileSync(join(run.directory, String(generation)), '');
}

for (const ready of ['fd', 'notify'] as const) {
  const { skip } = say[ready];
  t.test(`${ready}: told after the upgrade`, { skip }, async (t) => {
    const run = starting(t, ready);
    await run.sees(/^starting new worker/);
    await upgrade(run);
    go(run, 1);
    await run.sees(/^new worker \d+ is ready/);
    run.signal('SIGHUP');
    await run.sees(/^starting new worker/, 2);
    await upgrade(run, 2);
    t.ok(isAlive(run.worker(1)), 'the old one serves on');
    go(run, 2);
    await run.sees(/^old worker \d+ died/);
    t.same(await run.stop(), success);
  });

  t.test(`${ready}: told while the process was suspended, and no image looked`, { skip }, async (t) => {
    const run = starting(t, ready);
    await run.sees(/^starting new worker/);
    run.signal('SIGSTOP');
    go(run, 1);
    await run.until('the word', () => !run.read(`/../../proc/${String(run.worker(1))}/cmdline`).includes('sh\0-c'));
    run.signal('SIGUSR2');
    run.signal('SIGCONT');
    await run.sees(/^upgraded from/);
    await run.sees(/^new worker \d+ is ready/);
    t.same(await run.stop(), success);
  });

  t.test(`${ready}: one that was ready before is accepted, and not twice`, { skip }, async (t) => {
    const run = starting(t, ready);
    go(run, 1);
    await run.sees(/^new worker \d+ is ready/);
    await upgrade(run);
    await upgrade(run, 2);
    t.same(await run.stop(), success);
    t.equal(run.lines.filter((line) => line.endsWith('is ready')).length, 1);
  });
}

t.test('--start-timeout goes on', { skip: withoutUpgrade }, async (t) => {
  const run = starting(t, 'fd', ['--start-timeout=3']);
  await run.sees(/^starting new worker/);
  const begun = performance.now();
  while (performance.now() - begun < 2900)
    await upgrade(run, run.lines.filter((line) => line.startsWith('upgraded')).length + 1);
  await run.sees(/is not ready after 3 secs/);
  t.same(await run.stop(), success);
});
