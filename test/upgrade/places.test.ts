/** Wherever and however it was started: it is upgraded twice there, and ends as ever. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { room } from '../helpers/place/room.js';
import { childrenOf } from '../helpers/processes/children-of.js';
import { DaemonRun } from '../helpers/running/daemon-run.js';
import { FaultRun, success } from '../helpers/running/faults.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { NamespaceRun, withoutNamespace } from '../helpers/running/namespace-run.js';
import { ours, plainEnvironment, type RunOptions } from '../helpers/running/starter.js';
import { Installed, upgrade, withoutUpgrade } from '../helpers/running/upgrades.js';

const worker = ['--interval=0', '--', 'sleep', '99'];
const commandLine = (pid: number) => procFile(pid, 'cmdline');

function linked(cwd: string): string {
  mkdirSync(join(cwd, 'bin'));
  symlinkSync(ours.command, join(cwd, 'bin/a link'));
  return join(cwd, 'bin/a link');
}

const table: Record<string, (t: Test, cwd: string) => RunOptions> = {
  'by its path': () => ({}),
  'through a link': (_, cwd) => ({ starter: { name: 'a link', command: linked(cwd) } }),
  'by a path that begins in the directory': (_, cwd) => {
    linked(cwd);
    return { starter: { name: 'relative', command: './bin/a link' } };
  },
  'along PATH': () => ({
    starter: { name: 'along PATH', command: 'start_server' },
    env: { ...plainEnvironment(), PATH: `${dirname(ours.command)}:/usr/bin:/bin:${dirname(process.execPath)}` },
  }),
  'in a package whose path has blanks, colons and a dollar': (t) => ({ starter: new Installed(t, 'a b:c$d').starter }),
  'in a package whose path is no ASCII': (t) => ({ starter: new Installed(t, 'caf\u00e9 \u20ac').starter }),
  'with a node that SUPERDAEMON_NODE names': () => ({
    env: { ...plainEnvironment(), SUPERDAEMON_NODE: process.execPath },
  }),
  'with a library of the caller before': () => ({ env: { ...plainEnvironment(), LD_PRELOAD: 'libutil.so.1' } }),
};

t.jobs = 3;
for (const [name, how] of Object.entries(table))
  t.test(name, { buffered: true, skip: withoutUpgrade }, async (t) => {
    const cwd = room(t);
    const run = new FaultRun(t, ['--port=127.0.0.1:0', ...worker], { cwd, ...how(t, cwd) });
    await run.sees(/^starting new worker/);
    const before = commandLine(run.pid);
    await upgrade(run);
    await upgrade(run, 2);
    t.equal(commandLine(run.pid), before, 'it is called the same');
    t.equal(procFile(run.pid, 'comm'), 'start_server\n');
    t.same(await run.stop(), success);
    t.equal(run.workers.length, 1);
  });

t.test(
  'with a relative node of SUPERDAEMON_NODE, which is asked for again each time',
  { skip: withoutUpgrade },
  async (t) => {
    const cwd = room(t);
    symlinkSync(process.execPath, join(cwd, 'node-of-mine'));
    const env = { ...plainEnvironment(), SUPERDAEMON_NODE: './node-of-mine', PATH: '/usr/bin:/bin' };
    const run = new FaultRun(t, worker, { cwd, env });
    await run.sees(/^starting new worker/);
    const before = commandLine(run.pid);
    await upgrade(run);
    await upgrade(run, 2);
    t.equal(commandLine(run.pid), before);
    t.same(await run.stop(), success);
  },
);

t.test('a daemon', { skip: withoutUpgrade }, async (t) => {
  const run = new DaemonRun(t, ['--log-file=log', '--port=127.0.0.1:0', '--', 'sleep', '99'], { cwd: room(t) });
  const daemon = await run.stands();
  for (const times of [1, 2]) {
    process.kill(daemon, 'SIGUSR2');
    await run.logs(/^upgraded from/, { times });
  }
  t.equal(run.daemon, daemon);
  await run.stopDaemon();
  t.notOk(run.has('pid'));
});

t.test(
  'process 1 of a pid namespace, which reaps orphans before and after',
  { skip: withoutUpgrade || withoutNamespace() },
  async (t) => {
    const script = '(sleep 0.3 & ) ; exec sleep 99';
    const run = new NamespaceRun(t, ['--log-file=log', '--interval=0', '--', 'sh', '-c', script], room(t));
    await run.logs(/^starting new worker/);
    const first = await run.first();
    for (const times of [1, 2]) {
      process.kill(first, 'SIGUSR2');
      await run.logs(/^upgraded from/, { times });
      process.kill(first, 'SIGHUP');
      await run.logs(/^old worker \d+ died/, { times });
    }
    await eventually('no orphan', () => childrenOf(first).length === 1);
    process.kill(first, 'SIGTERM');
    t.same(await run.ended(), success);
    t.match(run.read(), /exiting\n$/);
  },
);
