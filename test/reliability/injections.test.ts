/** Each injection by itself, with a restart in it, while clients ask. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { timesAsked, underClock } from '../helpers/processes/clock.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { injections } from '../helpers/reliability/injections.js';
import { LedgerRun } from '../helpers/reliability/ledger-run.js';
import { Chance, record, sized } from '../helpers/reliability/reliability.js';
import { isAlive, Run } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';

const times = sized(1, 50);
const lackOf = (name: string) => injections.find((one) => one.name === name)?.lacks?.() ?? false;
const inject = (name: string, run: LedgerRun, chance: Chance) =>
  injections.find((one) => one.name === name)?.inject(run, chance);

t.test('one after the other', { timeout: 0 }, async (t) => {
  const chance = new Chance(t);
  const cwd = workspace(t);
  const how = { cwd, logFile: '| exec cat >>log', options: ['--control=control'], under: underClock(cwd) };
  const run = await LedgerRun.start(t, how);
  await run.upgrade(); // an image that another one has left its run has other descriptors than the first
  await run.calm();
  const { descriptors, listenersOfWorker } = run;
  const ledger = run.ledger(t);
  for (const { name, lacks, inject } of injections) {
    await t.test(name, { skip: lacks?.() ?? false, timeout: 0 }, async (t) => {
      for (let round = 0; round < times; round += 1) {
        const undo = await inject(run, chance);
        run.run.signal('SIGHUP');
        await pause(chance.below(40));
        await undo();
        await run.calm();
      }
      await run.reconfigureBack();
      await run.upgrade(); // an image that began while no descriptor was left writes its log by a thread
      await run.calm();
      await run.hasDescriptors(descriptors);
      await run.until('its sockets', () => run.listenersOfWorker.join() === listenersOfWorker.join());
      t.same(ledger.wrongs.refused, undefined);
      const held =
        'no number unanswered or answered twice, one worker afterwards, no orphan, no descriptor more or less';
      record({ injected: name, times, held });
    });
  }
  const account = await ledger.settle();
  t.same(ledger.wrongs, {}, JSON.stringify(account));
  t.ok(timesAsked(cwd) > 0, 'the wall clock was the wrong one');
  t.same(await run.run.stop(), { code: 0, signal: null });
  await run.until('the end of all processes', () => run.orphans.length === 0);
});

const [noFork, stalled, noDescriptor] = [
  'no fork (EAGAIN)',
  'logger stalled and its pipe full',
  'no descriptor left (EMFILE)',
];

t.test(
  'a logger that stalls for the first time while no thread can be started',
  { skip: lackOf(noFork) },
  async (t) => {
    const chance = new Chance(t);
    const run = await LedgerRun.start(t, { logFile: '| exec cat >>log' });
    const undo = [await inject(noFork, run, chance), await inject(stalled, run, chance)];
    run.run.signal('SIGHUP');
    // Each refusal is a line that finds the pipe full.
    await run.until('forks that are refused, or its end', () => refusals(run) >= 3 || !isAlive(run.run.pid));
    t.ok(isAlive(run.run.pid), 'libuv ends a process where it cannot start a thread');
    for (const end of undo) await end?.();
    await run.calm();
    t.same(await run.run.stop(), { code: 0, signal: null });
    record({
      injected: `${noFork} and ${stalled}, together and first of all`,
      times: 1,
      held: 'the superdaemon lives',
    });
  },
);

/** How often the system has refused it a fork or a thread. */
function refusals(run: LedgerRun): number {
  const events = join('/sys/fs/cgroup/pids', `superdaemon-${String(run.run.pid)}`, 'pids.events');
  return Number(/^max (\d+)/.exec(readFileSync(events, 'latin1'))?.[1] ?? NaN);
}

t.test('a worker forked while no descriptor is left has the envdir as it was', async (t) => {
  const cwd = workspace(t);
  mkdirSync(join(cwd, 'env'));
  writeFileSync(join(cwd, 'env/CONFIGURATION'), 'precious\n');
  const run = await LedgerRun.start(t, { cwd, options: ['--envdir=env'] });
  const undo = await inject(noDescriptor, run, new Chance(t));
  run.run.signal('SIGHUP');
  await run.until('the next worker', () => run.current.generation === 2);
  t.match(procFile(run.current.pid, 'environ'), '\0CONFIGURATION=precious\0');
  await undo?.();
  writeFileSync(join(cwd, 'env/CONFIGURATION'), 'new\n');
  await run.calm();
  t.match(procFile(run.current.pid, 'environ'), '\0CONFIGURATION=new\0');
  t.same(await run.run.stop(), { code: 0, signal: null });
  const held = 'the environment of the worker was that of the last complete reading';
  record({ injected: 'descriptors exhausted while an envdir is read', times: 1, held });
});

t.test('pid file and socket replaced by links', async (t) => {
  const run = await LedgerRun.start(t);
  const precious = join(run.directory, 'precious');
  writeFileSync(precious, 'precious');
  const paths = ['disk/run/pid', 'socket'].map((name) => join(run.directory, name));
  for (const path of paths) {
    renameSync(path, `${path}.away`);
    symlinkSync(precious, path);
  }
  await run.calm();
  t.same(await run.run.stop(), { code: 0, signal: null });
  for (const path of paths) t.ok(existsSync(path), `${path} is somebody else's and stays`);
  t.equal(readFileSync(precious, 'latin1'), 'precious');
  record({
    injected: 'pid file and socket replaced by links',
    times: paths.length,
    held: 'links and targets untouched',
  });
});

const memoryController = '/sys/fs/cgroup/memory';
const noMemoryGroup =
  process.getuid?.() === 0 && existsSync(join(memoryController, 'memory.limit_in_bytes'))
    ? false
    : 'no memory controller of version 1';

t.test('memory runs out in the group of superdaemon and workers', { skip: noMemoryGroup, timeout: 0 }, async (t) => {
  const rounds = sized(1, 20);
  const group = join(memoryController, `superdaemon-test-${String(process.pid)}`);
  mkdirSync(group);
  t.teardown(() => execFileSync('rmdir', [group]));
  writeFileSync(join(group, 'memory.limit_in_bytes'), '128M');
  const cwd = workspace(t);
  const hog = 'my $taken = "x" x (100 << 20) while 1 && push @all, "y" x (64 << 20); sleep 99';
  const join_ = ['sh', '-c', 'echo $$ >"$0" && exec "$@"', join(group, 'cgroup.procs')];
  const run = new Run(t, ['--interval=1', '--', 'sh', '-c', `test -f hog && exec perl -e '${hog}'; exec sleep 99`], {
    cwd,
    under: join_,
  });
  await run.sees(/^starting new worker/);
  for (let round = 1; round <= rounds; round += 1) {
    writeFileSync(join(cwd, 'hog'), '');
    run.signal('SIGHUP');
    await run.sees(/^new worker \d+ seems to have failed to start, exit status:9$/, round);
    rmSync(join(cwd, 'hog'));
    await run.sees(/^old worker \d+ died, status:15$/, round);
  }
  t.ok(isAlive(run.pid));
  t.same(await run.stop(), { code: 0, signal: null });
  const held = 'the system killed the worker, the old one served on, the superdaemon lived';
  record({ injected: 'memory of the cgroup (128 MiB) eaten up by a new worker', times: rounds, held });
});
