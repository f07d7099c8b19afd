/** One that sleeps wakes in what is installed by then; where that cannot go on, it goes on as what it was. */
import { chmodSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { withoutSleeper } from '../helpers/images/asleep.js';
import { room } from '../helpers/place/room.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { plainEnvironment, type RunOptions } from '../helpers/running/starter.js';
import { FaultRun, success } from '../helpers/running/faults.js';
import { asleep, Installed } from '../helpers/running/upgrades.js';

const how = { skip: withoutSleeper };

/** One that sleeps, from a package and with a node, `node` in it, of its own. */
async function sleeper(t: Test, more: RunOptions = {}): Promise<{ run: FaultRun; installed: Installed; node: string }> {
  const installed = new Installed(t);
  const node = installed.linkNode();
  const env = { ...plainEnvironment(), SUPERDAEMON_NODE: node, ...more.env };
  const words = ['--hibernate=0', '--interval=0', '--port=127.0.0.1:0', '--path=s', '--pid-file=pid'];
  const run = new FaultRun(t, [...words, '--', 'sleep', '99'], {
    cwd: room(t),
    starter: installed.starter,
    ...more,
    env,
  });
  await run.sees(/^starting new worker/);
  await asleep(run.pid, () => run.stderr);
  return { run, installed, node };
}

/** Puts new files into the place of those that are there, as npm does; `change` makes something else of the command. */
function reinstall(installed: Installed, change: (command: string) => string = (command) => command): void {
  rmSync(`${installed.directory} of before`, { recursive: true, force: true });
  renameSync(installed.directory, `${installed.directory} of before`);
  installed.install();
  installed.linkNode();
  const command = installed.path('dist/command.js');
  writeFileSync(command, change(readFileSync(command, 'latin1')), 'latin1');
}

/** Wakes it by HUP, and waits for the `count`-th worker and its sleep. */
async function wake(run: FaultRun, count: number): Promise<void> {
  run.signal('SIGHUP');
  await run.sees(/^starting new worker/, count);
  await run.sees(/^old worker \d+ died/, count - 1);
  await asleep(run.pid, () => run.stderr);
}

t.test('another package: it is checked, taken, and from then on the one that wakes', how, async (t) => {
  const { run, installed } = await sleeper(t);
  reinstall(installed);
  await wake(run, 2);
  await run.sees(/^upgraded from/);
  await asleep(run.pid, () => run.stderr);
  rmSync(`${installed.directory} of before`, { recursive: true });
  await wake(run, 3);
  t.equal(run.lines.filter((line) => line.startsWith('upgraded')).length, 1);
  t.same(await run.stop(), success);
});

t.test('another package that is broken: it is refused once, and what ran before goes on', how, async (t) => {
  const { run, installed } = await sleeper(t);
  reinstall(installed, () => 'throw new Error("broken");');
  for (const count of [2, 3, 4]) await wake(run, count);
  t.equal(run.lines.filter((line) => line.startsWith('upgrade refused')).length, 1);
  reinstall(installed);
  await wake(run, 5);
  await run.sees(/^upgraded from/);
  t.same(await run.stop(), success);
});

t.test('another node: it is checked and taken', how, async (t) => {
  const { run, installed, node } = await sleeper(t);
  const copy = installed.path('copy');
  writeFileSync(copy, readFileSync(process.execPath));
  chmodSync(copy, 0o755);
  unlinkSync(node);
  symlinkSync(copy, node);
  await wake(run, 2);
  await run.sees(/^upgraded from/);
  t.same(await run.stop(), success);
});

const removals: Record<string, (installed: Installed, node: string) => void> = {
  'the package': ({ directory }) => rmSync(directory, { recursive: true }),
  'the command': (of) => rmSync(of.path('dist/command.js')),
  'the launcher': (of) => rmSync(of.path('bin/start_server')),
  'the loader': (of) => rmSync(of.path('dist/start_server.cjs')),
  'the addon': (of) => rmSync(of.path('build/Release/superdaemon.node')),
  'the preloaded library': (of) => rmSync(of.path('build/Release/preload.so')),
  'the sleeper': (of) => rmSync(of.path('build/Release/sleeper')),
  node: (_, node) => rmSync(node),
};

t.jobs = 3;
for (const [name, remove] of Object.entries(removals))
  t.test(
    `without ${name}: HUP brings a worker and one refusal, TERM ends it`,
    { ...how, buffered: true },
    async (t) => {
      const { run, installed, node } = await sleeper(t);
      remove(installed, node);
      await wake(run, 2);
      await wake(run, 3);
      const refused = run.lines.filter(
        (line) => line.startsWith('upgrade refused') || line.startsWith('upgraded from'),
      );
      t.equal(refused.length, 1, refused.join('\n'));
      t.same(await run.stop(), success);
      t.notOk(run.has('s') || run.has('pid'));
    },
  );

t.test('the library of the caller stays in the workers and in itself', { ...how, buffered: true }, async (t) => {
  const { run, installed } = await sleeper(t, { env: { LD_PRELOAD: 'libutil.so.1' } });
  rmSync(installed.directory, { recursive: true });
  await wake(run, 2);
  const entries = procFile(run.worker(2), 'environ').split('\0');
  t.same(
    entries.filter((entry) => entry.startsWith('LD_PRELOAD=')),
    ['LD_PRELOAD=libutil.so.1'],
  );
  t.same(
    entries.filter((entry) => /^(?:SUPERDAEMON|NODE_PRESERVE)/.test(entry)),
    [],
  );
  t.same(await run.stop(), success);
});

t.test(
  'a sleeper that is removed between the check and the exec: it goes on awake, and says so',
  { ...how, buffered: true },
  async (t) => {
    const { run, installed, node } = await sleeper(t);
    const file = installed.path('build/Release/sleeper');
    rmSync(node);
    writeFileSync(node, `#!/bin/sh\n'${process.execPath}' "$@"; code=$?; rm '${file}'; exit $code\n`);
    chmodSync(node, 0o755);
    run.signal('SIGUSR2');
    await run.sees(/^--hibernate is not possible here: No such file or directory/);
    run.signal('SIGHUP');
    await run.sees(/^old worker \d+ died/);
    t.same(await run.stop(), success);
  },
);
