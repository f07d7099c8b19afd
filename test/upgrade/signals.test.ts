/** No signal is lost over upgrades, none ends the process, and an end is an end at every moment of one. */
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { processesBelow, room } from '../helpers/place/room.js';
import { probe } from '../helpers/processes/probe.js';
import { FaultRun, success } from '../helpers/running/faults.js';
import { isAlive } from '../helpers/running/starter.js';
import { upgrade, withoutUpgrade } from '../helpers/running/upgrades.js';

const how = { skip: withoutUpgrade };

/** Another image that was just asked whether it can go on is killed with the end, and what it has started ends then. */
async function nothingIsLeft(run: FaultRun): Promise<void> {
  const left = () => processesBelow(run.directory);
  await eventually('the end of all processes', () => left().length === 0, { seen: () => left().join(' ') });
}

/** Seconds; `UPGRADE_STORM=600 npm test -- test/upgrade/signals.test.ts` for more. */
const storm = Number(process.env['UPGRADE_STORM'] ?? 8);

for (const [name, options] of Object.entries({ awake: [], asleep: ['--hibernate=0'] }))
  t.test(`a storm of USR2, USR1 and HUP, ${name}: every HUP is answered, and TERM ends it`, how, async (t) => {
    const run = new FaultRun(t, ['--interval=0', '--path=s', ...options, '--', 'sleep', '999']);
    await run.sees(/^starting new worker/);
    const sender = (signal: NodeJS.Signals, pause: () => number) => {
      let timer: NodeJS.Timeout;
      let count = 0;
      const send = (): void => {
        if (isAlive(run.pid)) run.signal(signal);
        count += 1;
        timer = setTimeout(send, pause());
      };
      timer = setTimeout(send, pause());
      t.teardown(() => {
        clearTimeout(timer);
      });
      return {
        count: () => count,
        end: () => {
          clearTimeout(timer);
        },
      };
    };
    const upgrades = sender('SIGUSR2', () => 50 + Math.random() * 150);
    const others = sender('SIGUSR1', () => Math.random() * 20);
    const end = performance.now() + storm * 1000;
    let hups = 0;
    while (performance.now() < end) {
      const before = run.workers.length;
      run.signal('SIGHUP');
      hups += 1;
      await eventually('an answer', () => run.workers.length > before, { seen: () => run.stderr.slice(-2000) });
    }
    run.signal('SIGTERM');
    t.same(await run.ended(), success);
    upgrades.end();
    others.end();
    await nothingIsLeft(run);
    const became = run.lines.filter((line) => line.startsWith('upgraded')).length;
    t.ok(became > 0);
    t.notMatch(run.stderr, /upgrade refused|internal error/);
    t.comment(
      `${String(hups)} HUP, ${String(upgrades.count())} USR2, ${String(others.count())} USR1: ${String(became)} upgrades`,
    );
  });

/** Milliseconds between two moments of the table; `UPGRADE_STEP=1` for each of them. */
const step = Number(process.env['UPGRADE_STEP'] ?? 25);

t.test('TERM at every moment of an upgrade', how, async (t) => {
  const first = new FaultRun(t, ['--interval=0', '--', 'sleep', '999']);
  await first.sees(/^starting new worker/);
  const begun = performance.now();
  await upgrade(first);
  const longest = 1.2 * (performance.now() - begun);
  await first.stop();
  for (let after = 0; after < longest; after += step) {
    const run = new FaultRun(t, ['--interval=0', '--path=s', '--', 'sleep', '999'], { cwd: room(t) });
    await run.sees(/^starting new worker/);
    run.signal('SIGUSR2');
    const sent = performance.now();
    await run.until('its moment', () => performance.now() - sent >= after);
    t.same(await run.stop(), success, `after ${String(after)} ms`);
    await nothingIsLeft(run);
    t.notOk(run.has('s'));
    t.match(run.stderr, /received TERM[^]*exiting\n$/);
  }
});

t.test('USR2 works after a worker has failed to start', how, async (t) => {
  const run = new FaultRun(t, ['--interval=1', '--', 'sh', '-c', '[ -e go ] || exit 3; exec sleep 99']);
  await run.sees(/seems to have failed to start/);
  await upgrade(run);
  await run.sees(/seems to have failed to start/, 2);
  await upgrade(run, 2);
  t.same(await run.stop(), success);
});

t.test('a second USR2 during the first is not ignored for good', how, async (t) => {
  const run = new FaultRun(t, ['--interval=0', '--', 'sleep', '99']);
  await run.sees(/^starting new worker/);
  for (let count = 0; count < 5; count += 1) run.signal('SIGUSR2');
  await run.sees(/^upgraded from/);
  // Those that came before the exec are one, and may be one more after it.
  await upgrade(run, 2);
  await upgrade(run, 3);
  t.same(await run.stop(), success);
});

t.test('old workers are not forgotten over upgrades', how, async (t) => {
  const run = new FaultRun(t, [
    '--interval=0',
    '--status-file=st',
    '--signal-on-hup=USR2',
    '--',
    probe(),
    '-i',
    'USR2',
  ]);
  for (let generation = 1; generation <= 4; generation += 1) {
    await run.sees(/^starting new worker/, generation);
    await upgrade(run, generation);
    if (generation < 4) run.signal('SIGHUP');
  }
  await run.until('all of them', () => run.read('st').split('\n').length === 5);
  t.same(run.read('st').match(/^\d+(?=:)/gm), ['1', '2', '3', '4']);
  t.same(await run.stop(), success);
  await nothingIsLeft(run);
});
