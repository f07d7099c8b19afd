/** The pid of a process that has ended is soon somebody else's: nobody is taken for the one that had it before. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { NamespaceRun, withoutNamespace } from '../helpers/running/namespace-run.js';
import { script } from '../helpers/processes/native.js';
import { room } from '../helpers/place/room.js';

const skip = withoutNamespace();
const success = { code: 0, signal: null };

/** A directory with a program and a logger that write down their pids. */
function programs(t: Test, program: string): string {
  const cwd = room(t);
  script(join(cwd, 'program'), `#!/bin/sh\n${program}\n`);
  script(join(cwd, 'logger'), '#!/bin/sh\necho $$ >>loggers\nexec cat >>log\n');
  return cwd;
}

const pidsIn = (file: string) =>
  existsSync(file) ? readFileSync(file, 'latin1').split('\n').slice(0, -1).map(Number) : [];

async function nthOf(file: string, number: number): Promise<number> {
  return eventually(`${file}: ${String(number)}`, () => pidsIn(file)[number - 1]);
}

async function end(run: NamespaceRun): Promise<void> {
  process.kill(await run.first(), 'SIGTERM');
  t.same(await run.ended(), success);
}

t.test("a failing worker that has a dead logger's pid", { skip }, async (t) => {
  const cwd = programs(t, '[ ! -e broken ] || exit 3; exec sleep 100');
  const run = new NamespaceRun(
    t,
    ['--interval=1', '--log-file=| ./logger', '--status-file=status', '--', './program'],
    cwd,
  );
  await eventually('a worker that has started well', () => run.has('status'));
  const serving = run.read('status');
  // One that dies soon after its start is started again after a pause.
  for (const number of [1, 2]) process.kill(await run.outside(await nthOf(join(cwd, 'loggers'), number)), 'SIGKILL');
  const dead = await nthOf(join(cwd, 'loggers'), 2);
  writeFileSync(join(cwd, 'broken'), '');
  await run.nextPid(dead);
  process.kill(await run.first(), 'SIGHUP');
  await run.logs(/^new worker \d+ seems to have failed to start, exit status:768$/);
  t.equal(run.read('status'), serving, 'the old one serves on');
  await end(run);
});

t.test('a new worker that has the pid of an orphan whose end was not told yet', { skip }, async (t) => {
  const cwd = programs(t, '[ -e orphan ] || (sleep 100 & echo $! >orphan); exec sleep 100');
  const run = new NamespaceRun(t, ['--interval=1', '--log-file=log', '--status-file=status', '--', './program'], cwd);
  await eventually('a worker that has started well', () => run.has('status'));
  const worker = Number(/^starting new worker (\d+)$/m.exec(run.read())?.[1]);
  const orphan = await nthOf(join(cwd, 'orphan'), 1);
  const victims = [await run.outside(worker), await run.outside(orphan)];
  process.kill(await run.first(), 'SIGSTOP');
  for (const pid of victims) process.kill(pid, 'SIGKILL');
  await run.nextPid(orphan);
  process.kill(await run.first(), 'SIGCONT');
  await run.logs(/^starting new worker/, { times: 2 });
  await eventually('the new worker', () => /^2:\d+\n$/.test(run.read('status')), { seen: () => run.read() });
  await end(run);
  t.notMatch(run.read(), /failed to start/);
});
