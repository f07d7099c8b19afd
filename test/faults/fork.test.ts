/** A fork that the system refuses costs nothing but time. */
import { execFileSync } from 'node:child_process';
import t from 'tap';
import { FaultRun, success } from '../helpers/running/faults.js';
import { isAlive, isHibernating } from '../helpers/running/starter.js';

const isRoot = process.getuid?.() === 0;
/** A user without other processes: the limit counts all of a user's, and does not hold for root. */
const another = isRoot ? ['setpriv', '--reuid=64322', '--clear-groups'] : [];

function limitProcesses(pid: number, soft: number): void {
  const command = [...another, 'prlimit', `--pid=${String(pid)}`, `--nproc=${String(soft)}:`];
  execFileSync('env', command);
}

/** For one that wakes there is no room either: it waits for it first, see test/upgrade/sleep.test.ts. */
const skip = isHibernating && 'it sleeps';

t.test('row 33: a fork that fails is told and tried again, and nothing else happens', { skip }, async (t) => {
  const run = new FaultRun(t, ['--interval=1', '--', 'sleep', '99'], { under: another });
  await run.idle();
  limitProcesses(run.pid, 1);
  run.signal('SIGHUP');
  await run.sees(/^fork\(2\) failed:Resource temporarily unavailable/, 2);
  t.ok(isAlive(run.worker(1)), 'the worker serves on');
  limitProcesses(run.pid, 1000);
  await run.sees(/^new worker is now running/);
  t.same(await run.stop(), success);
});
