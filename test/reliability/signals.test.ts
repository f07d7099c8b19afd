/** Signals of all kinds in random order at random gaps: nothing is orphaned, doubled or forgotten, no descriptor leaks. */
import { isDeepStrictEqual } from 'node:util';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { LedgerRun } from '../helpers/reliability/ledger-run.js';
import { Chance, record, sized } from '../helpers/reliability/reliability.js';

const count = sized(1000, 10_000);

/** They end any process: by definition, or as the system tells a fault of its own code. */
const deadly = ['KILL', 'SEGV', 'BUS', 'FPE', 'ILL', 'ABRT', 'IOT', 'TRAP', 'SYS'];
const stopping = ['TERM', 'INT', 'QUIT'] as const;
const names = Object.keys(constants.signals).map((name) => name.slice('SIG'.length));
const others = names.filter((name) => ![...deadly, ...stopping, 'POLL', 'UNUSED'].includes(name));

/** One in so many is a signal that stops. */
const livesLong = 150;

t.test(`${String(count)} random signals`, { timeout: 0 }, async (t) => {
  const chance = new Chance(t);
  const run = await LedgerRun.start(t);
  await run.calm();
  const { descriptors } = run;
  let [lives, generations] = [1, 0];
  for (let sent = 0; sent < count; sent += 1) {
    if (chance.below(4) === 0) await pause(chance.below(8));
    if (chance.below(livesLong) > 0) {
      run.run.signal(`SIG${chance.pick(others)}` as NodeJS.Signals);
      continue;
    }
    generations += run.current.generation;
    const signal = `SIG${chance.pick(stopping)}` as NodeJS.Signals;
    run.run.signal(signal);
    run.run.signal('SIGCONT');
    const outcome = await run.run.ended();
    if (outcome.code !== 0) throw new Error(`${signal}: ${JSON.stringify(outcome)}`);
    const left = [
      ...run.workers,
      ...['socket', 'disk/run/pid', 'disk/run/status'].filter((name) => isThere(run, name)),
    ];
    if (left.length > 0) throw new Error(`left behind: ${JSON.stringify(left)}`);
    run.startAgain(t);
    await run.until('the first worker', () => run.workersInStatus === 1);
    lives += 1;
  }
  run.run.signal('SIGCONT');
  await run.calm();
  // An upgrade, by USR2, may be under way yet.
  await run.until('the descriptors that it had', () => isDeepStrictEqual(run.descriptors, descriptors));
  generations += run.current.generation;
  t.ok(generations > count / 100, `${String(generations)} generations`);
  t.same(await run.run.stop(), { code: 0, signal: null });
  t.same(run.workers, []);
  const held = `${String(lives)} lives and ${String(generations)} generations, no worker orphaned, no descriptor more or less, nothing left at an end`;
  record({
    injected: `signals of ${String(others.length + stopping.length)} kinds in random order`,
    times: count,
    held,
  });
});

function isThere(run: LedgerRun, name: string): boolean {
  return existsSync(join(run.directory, name));
}
