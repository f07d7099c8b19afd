/** `--stop` and `--restart` signal nobody but a superdaemon, and return when it has done what they asked for. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { victim } from '../helpers/running/control.js';
import { eventually } from '../helpers/eventually.js';
import { FaultRun, success } from '../helpers/running/faults.js';
import { probe } from '../helpers/processes/probe.js';
import { room } from '../helpers/place/room.js';
import { isAlive, type RunOptions } from '../helpers/running/starter.js';
import { slowed, withoutStrace } from '../helpers/processes/strace.js';

const files = ['--pid-file=pid', '--status-file=st'];

/** A superdaemon with the files `pid` and `st` and probes, whose first worker is accepted. */
async function serving(t: Test, options: readonly string[], how: RunOptions = {}): Promise<FaultRun> {
  const run = new FaultRun(t, [...files, ...options, '--', probe(), '-f', 'broken'], how);
  await run.appears('st');
  return run;
}

for (const name of ['stop', 'restart']) {
  t.test(`row 27: --${name} does not signal a process that holds no lock on the pid file`, async (t) => {
    const cwd = room(t);
    const pid = victim(t);
    writeFileSync(join(cwd, 'pid'), `${String(pid)}\n`);
    writeFileSync(join(cwd, 'st'), `1:${String(pid)}\n`);
    const command = new FaultRun(t, [`--${name}`, ...files], { cwd });
    await eventually('it gives up, or kills', () => !isAlive(command.pid) || !isAlive(pid));
    t.ok(isAlive(pid), 'the process is not killed');
    t.same(await command.ended(), { code: 1, signal: null });
    t.match(command.stderr, /^no superdaemon is running: /);
  });
}

t.test('row 27: --stop does not take a pid file that says 0 for its own process group', async (t) => {
  const cwd = room(t);
  writeFileSync(join(cwd, 'pid'), '0\n');
  // In a session, and so in a group, of its own: the original kills the whole group.
  const command = new FaultRun(t, ['--stop', ...files], { cwd, under: ['setsid'] });
  t.same(await command.ended(), { code: 1, signal: null });
});

t.test('row 28: --restart returns though the generation after the last one has failed', async (t) => {
  const run = await serving(t, ['--interval=1']);
  writeFileSync(join(run.directory, 'broken'), '');
  const command = new FaultRun(t, ['--restart', ...files], { cwd: run.directory });
  await run.sees(/^new worker \d+ seems to have failed to start/);
  rmSync(join(run.directory, 'broken'));
  await run.sees(/^old worker \d+ died/);
  t.same(await command.ended(), success);
  t.same(await run.stop(), success);
});

t.test('row 28: --restart ends with an error when the superdaemon ends', async (t) => {
  const run = await serving(t, ['--interval=0', '--kill-old-delay=99']);
  const command = new FaultRun(t, ['--restart', ...files], { cwd: run.directory });
  await run.sees(/^sleeping 99 secs before killing old workers$/);
  run.signal('SIGKILL');
  t.same(await command.ended(), { code: 1, signal: null });
});

t.test('row 29: when --stop returns all files and the process are gone', { skip: withoutStrace }, async (t) => {
  const under = slowed('unlink,unlinkat:delay_enter=500000');
  const run = await serving(t, ['--interval=0', '--path=s'], { under });
  const command = new FaultRun(t, ['--stop', ...files], { cwd: run.directory });
  t.same(await command.ended(), success);
  for (const name of ['s', 'st', 'pid']) t.notOk(run.has(name), `the file ${name} is gone`);
  t.notOk(isAlive(run.pid), 'the process is gone');
  t.same(await run.ended(), success);
});
