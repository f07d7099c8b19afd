/** No connection is lost: every number is answered exactly once, whatever happens to workers and their starts. */
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { LedgerRun } from '../helpers/reliability/ledger-run.js';
import { Chance, record, sized } from '../helpers/reliability/reliability.js';

const swaps = sized(20, 200);
const interval = sized(0, 1);

/** Signals that must not change anything, but the HUPs among them, which only restart. */
const storm: readonly NodeJS.Signals[] = ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGCHLD', 'SIGWINCH', 'SIGCONT'];

/** What precedes a swap; each gives back what is to be done after it. */
const troubles: Readonly<Record<string, (run: LedgerRun, chance: Chance) => Promise<() => void>>> = {
  'none but the swap': () => Promise.resolve(() => undefined),
  'a worker crashes between two answers': (run) => {
    run.kill(run.current.pid, 'SIGUSR2');
    return Promise.resolve(() => undefined);
  },
  'a deploy that fails': async (run) => {
    run.breakDeploys();
    run.run.signal('SIGHUP');
    const failures = () => run.read('log').match(/status:2304/g)?.length ?? 0;
    const before = failures();
    await run.until('a failed start', () => failures() > before);
    run.mendDeploys();
    return () => undefined;
  },
  'an old worker that stalls': (run) => {
    const { pid } = run.current;
    run.kill(pid, 'SIGSTOP');
    return Promise.resolve(() => run.kill(pid, 'SIGCONT'));
  },
  'a storm of signals': async (run, chance) => {
    for (let left = 20; left > 0; left -= 1) {
      run.run.signal(chance.pick(storm));
      if (chance.below(4) === 0) await pause(chance.below(5));
    }
    return () => undefined;
  },
};

t.test(`${String(swaps)} swaps, and every number is answered exactly once`, { timeout: 0 }, async (t) => {
  const chance = new Chance(t);
  const run = await LedgerRun.start(t, { options: [`--interval=${String(interval)}`] });
  const descriptors = run.descriptors;
  const ledger = run.ledger(t);
  const times = new Map<string, number>();
  const names = Object.keys(troubles);
  for (let swap = 0; swap < swaps; swap += 1) {
    const name = names[swap % names.length] ?? '';
    const before = run.current.generation;
    const after = await troubles[name]?.(run, chance);
    run.run.signal('SIGHUP');
    await ledger.answeredAfter(before);
    after?.();
    await run.quiet(before);
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  const account = await ledger.settle();
  await run.quiet(0);
  t.same(ledger.wrongs, {}, JSON.stringify(account));
  t.ok(account.requests > swaps && account.datagrams > swaps, JSON.stringify(account));
  // An upgrade may be under way yet.
  await run.until('the descriptors that the superdaemon had', () => isDeepStrictEqual(run.descriptors, descriptors));
  t.same(await run.run.stop(), { code: 0, signal: null });
  await run.until('the end of all processes', () => run.orphans.length === 0);
  const numbers = `${String(account.requests)} requests on ${String(account.connections)} connections`;
  const held = `${numbers} and ${String(account.datagrams)} datagrams, each answered exactly once`;
  record({
    injected: `ledger: ${[...times].map(([name, n]) => `${name} (${String(n)})`).join(', ')}`,
    times: swaps,
    held,
  });
});

t.test('a worker that is killed loses what it had taken, and nothing else', { timeout: 0 }, async (t) => {
  const kills = sized(5, 100);
  const chance = new Chance(t);
  const run = await LedgerRun.start(t);
  const ledger = run.ledger(t, { datagrams: false });
  for (let kill = 0; kill < kills; kill += 1) {
    const { generation, pid } = run.current;
    await pause(chance.below(20));
    run.kill(pid, 'SIGKILL');
    await run.quiet(generation);
    await ledger.answeredAfter(generation);
  }
  const account = await ledger.settle();
  const { refused, twice, wrong, resetWhenTaken, resetWhenWaiting } = account;
  t.same({ refused, twice, wrong }, { refused: 0, twice: 0, wrong: 0 }, JSON.stringify(account));
  // A connection between accept(2) and its greeting is the worker's, too; it holds one such at a time.
  t.ok(resetWhenWaiting <= kills, `${String(resetWhenWaiting)} were cut before they were greeted`);
  const lost = String(resetWhenTaken + resetWhenWaiting);
  const held = `none of ${String(account.connections)} connections refused, ${lost} lost with the workers that had accepted them`;
  record({ injected: 'ledger: kill -9 of the current worker', times: kills, held });
});
