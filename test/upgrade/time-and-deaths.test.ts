/** Deadlines go on over an upgrade, and a death in between is told once, with its true status. */
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { probe } from '../helpers/processes/probe.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { FaultRun, success } from '../helpers/running/faults.js';
import { isAlive } from '../helpers/running/starter.js';
import { upgrade, withoutUpgrade } from '../helpers/running/upgrades.js';

// They wait most of the time.
t.jobs = 4;

const how = { skip: withoutUpgrade };

/** One upgrade after the other, some each second, until the log has that line; gives how many there were. */
async function upgradesUntil(run: FaultRun, line: RegExp): Promise<number> {
  for (let times = 1; times < 500; times += 1) {
    if (line.test(run.stderr)) return times - 1;
    await upgrade(run, times);
    await setTimeout(200);
  }
  throw new Error(`no ${String(line)} over 500 upgrades:\n${run.stderr}`);
}

/** Where an upgrade began an interval anew, none of these would ever be over. */
const deadlines: Record<string, { options: string[]; before?: RegExp; hup?: boolean; then: RegExp }> = {
  'the interval of a new worker': { options: ['--interval=2'], hup: true, then: /^old worker \d+ died/m },
  'the kill-old-delay': { options: ['--interval=0', '--kill-old-delay=2'], hup: true, then: /^killing old workers/m },
  'auto restart': {
    options: ['--interval=0', '--enable-auto-restart', '--auto-restart-interval=2'],
    then: /^old worker \d+ died/m,
  },
  'the pause after a failed start': { options: ['--interval=2'], then: /^(?:starting new worker[^]*){2}/m },
};

for (const [name, { options, hup, then }] of Object.entries(deadlines))
  t.test(`${name} goes on`, how, async (t) => {
    const isPause = name.startsWith('the pause');
    const run = new FaultRun(t, [...options, '--', ...(isPause ? ['false'] : ['sleep', '99'])]);
    await run.sees(isPause ? /seems to have failed/ : /^starting new worker/);
    if (hup === true) run.signal('SIGHUP');
    const upgrades = await upgradesUntil(run, then);
    t.ok(upgrades > 0, `it went over ${String(upgrades)} upgrades`);
    t.same(await run.stop(), success);
  });

t.test('the limit of an old worker goes on', how, async (t) => {
  const run = new FaultRun(t, ['--interval=0', '--stop-timeout=2', '--', probe(), '-i', 'TERM']);
  await run.sees(/^starting new worker/);
  run.signal('SIGHUP');
  await run.sees(/^killing old workers/);
  t.ok((await upgradesUntil(run, /^old worker \d+ died, status:9$/m)) > 0);
  t.same(await run.stop(), success);
});

const ends: Record<string, { by: NodeJS.Signals; status: number }> = {
  'by a signal': { by: 'SIGKILL', status: 9 },
  'by itself': { by: 'SIGTERM', status: 7 << 8 },
};

for (const [name, { by, status }] of Object.entries(ends))
  t.test(`a worker ends ${name} while no image looks`, how, async (t) => {
    const run = new FaultRun(t, ['--interval=0', '--', probe(), '-x', '7', '-e', 'told']);
    await run.appears('told');
    await run.sees(/^starting new worker/);
    const pid = run.worker(1);
    run.signal('SIGSTOP');
    run.signal('SIGUSR2');
    process.kill(pid, by);
    await run.until('its end', () => !isAlive(pid));
    t.match(procFile(pid, 'stat'), / Z /, 'it is not reaped yet');
    run.signal('SIGCONT');
    await run.sees(/^upgraded from/);
    await run.sees(/^starting new worker/, 2);
    t.same(await run.stop(), success);
    t.same(
      run.lines.filter((line) => line.includes(`worker ${String(pid)} died`)),
      [`worker ${String(pid)} died unexpectedly with status:${String(status)}, restarting`],
    );
  });

t.test('a worker that is killed at every stage of an upgrade is missed once', how, async (t) => {
  const run = new FaultRun(t, ['--interval=0', '--', 'sleep', '99']);
  await run.sees(/^starting new worker/);
  const rounds = 20;
  for (let round = 1; round <= rounds; round += 1) {
    run.signal('SIGUSR2');
    const until = performance.now() + round * 10;
    await run.until('its stage', () => performance.now() >= until);
    process.kill(run.worker(round), 'SIGKILL');
    await run.sees(/^starting new worker/, round + 1);
    await run.sees(/^upgraded from/, round);
  }
  t.same(await run.stop(), success);
  for (let round = 1; round <= rounds; round += 1) {
    const told = run.lines.filter((line) => line.startsWith(`worker ${String(run.worker(round))} died`));
    t.same(told, [`worker ${String(run.worker(round))} died unexpectedly with status:9, restarting`]);
  }
});
