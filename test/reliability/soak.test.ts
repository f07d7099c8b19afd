/** All injections at once, for three seconds in `npm test`, for as long as it is told by `npm run soak`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { timesAsked, underClock } from '../helpers/processes/clock.js';
import { injections, type Undo } from '../helpers/reliability/injections.js';
import { LedgerRun } from '../helpers/reliability/ledger-run.js';
import { Chance, record, soakSeconds } from '../helpers/reliability/reliability.js';
import { workspace } from '../helpers/place/workspace.js';

/** So many are under way together at most. */
const atOnce = 4;
/** After so many everything is undone, and looked at. */
const betweenCalms = 25;
/** In kB, of native memory: V8 has its own, of which it keeps what has grown old for long. */
const mostGrowth = 4000;

t.test(`${String(soakSeconds())} seconds of everything`, { timeout: 0 }, async (t) => {
  const chance = new Chance(t);
  const cwd = workspace(t);
  const logFile = '| exec cat >>log';
  const run = await LedgerRun.start(t, { cwd, logFile, under: underClock(cwd) });
  await run.calm();
  // An image that another one has left its run has other descriptors than the first, and must last as long.
  run.run.signal('SIGUSR2');
  await run.until('an upgrade', () => readFileSync(join(cwd, 'log'), 'latin1').includes('upgraded from'));
  await run.calm();
  const descriptors = run.descriptors;
  const listeners = run.listenersOfWorker;
  const possible = injections.filter(({ lacks }) => lacks === undefined || lacks() === false);
  t.ok(possible.length >= 8, `${String(possible.length)} of ${String(injections.length)} injections are possible here`);
  const ledger = run.ledger(t);
  const times = new Map<string, number>();
  const underWay: Undo[] = [];
  const undo = async (most: number) => {
    while (underWay.length > most) await underWay.shift()?.();
  };
  let [calms, calmMemory, calmHeap] = [0, 0, 0];
  const end = performance.now() + soakSeconds() * 1000;
  for (let count = 1; performance.now() < end; count += 1) {
    const { name, inject } = chance.pick(possible);
    underWay.push(await inject(run, chance));
    times.set(name, (times.get(name) ?? 0) + 1);
    if (chance.below(2) === 0) run.run.signal('SIGHUP');
    await pause(chance.below(60));
    await undo(chance.below(atOnce));
    if (count % betweenCalms !== 0) continue;
    await undo(0);
    await run.calm();
    await run.until('the descriptors it had', () => run.descriptors.join() === descriptors.join());
    await run.until('a worker with the sockets of the first', () => run.listenersOfWorker.join() === listeners.join());
    calms += 1;
    if (calms === 3) [calmMemory, calmHeap] = [memoryOf(run.run.pid), nativeHeapOf(run.run.pid)];
  }
  await undo(0);
  await run.calm();
  const account = await ledger.settle();
  await run.until('the descriptors it had', () => run.descriptors.join() === descriptors.join());
  t.same(ledger.wrongs, {}, JSON.stringify(account));
  await run.until('a worker with the sockets of the first', () => run.listenersOfWorker.join() === listeners.join());
  t.ok(timesAsked(cwd) > 0, 'the wall clock was the wrong one');
  const memory = memoryOf(run.run.pid);
  const heap = nativeHeapOf(run.run.pid);
  if (calms >= 3) t.ok(heap - calmHeap < mostGrowth, `native memory: ${String(calmHeap)} kB, then ${String(heap)} kB`);
  const { generation } = run.current;
  t.same(await run.run.stop(), { code: 0, signal: null });
  await run.until('the end of all processes', () => run.orphans.length === 0);
  t.ok(generation > calms, `${String(generation)} generations`);
  const numbers =
    `${String(account.requests)} requests on ${String(account.connections)} connections and ` +
    `${String(account.datagrams)} datagrams, each answered exactly once`;
  const held =
    `${numbers}; ${String(generation)} generations, no orphan, no descriptor more or less at ${String(calms)} looks; ` +
    `resident memory ${String(calmMemory)} kB after the third look, ${String(memory)} kB at the end`;
  const list = [...times].map(([name, n]) => `${name} (${String(n)})`).sort();
  const minutes = String(soakSeconds() / 60);
  record({
    injected: `soak: up to ${String(atOnce)} of these at a time, for ${minutes} minutes: ${list.join('; ')}`,
    times: sum(times),
    held,
  });
});

function sum(times: ReadonlyMap<string, number>): number {
  return [...times.values()].reduce((total, n) => total + n, 0);
}

/** In kB, what malloc has. */
function nativeHeapOf(pid: number): number {
  const [, heap = ''] = readFileSync(`/proc/${String(pid)}/smaps`, 'latin1').split('[heap]', 2);
  return Number(/^Anonymous:\s*(\d+)/m.exec(heap)?.[1] ?? NaN);
}

/** Resident memory in kB. */
function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'latin1'))?.[1] ?? NaN);
}
