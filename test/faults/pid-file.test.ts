/** The pid file of a live superdaemon belongs to it. */
import { join } from 'node:path';
import { statSync } from 'node:fs';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { FaultRun, success } from '../helpers/running/faults.js';
import { freePort, isFree } from '../helpers/place/ports.js';
import { probe } from '../helpers/processes/probe.js';
import { isAlive } from '../helpers/running/starter.js';

t.test('row 23: a second instance with the same pid file ends at once and changes nothing', async (t) => {
  const first = new FaultRun(t, ['--pid-file=pid', '--', probe()]);
  await first.sees(/^starting new worker/);
  const port = await freePort();
  const options = ['--pid-file=pid', `--port=${String(port)}`, '--path=s'];
  const second = new FaultRun(t, [...options, '--', probe()], { cwd: first.directory });
  const size = () => statSync(join(first.directory, 'pid')).size;
  await eventually('it gives up, or changes the file', () => !isAlive(second.pid) || size() === 0);
  t.equal(first.read('pid'), `${String(first.pid)}\n`);
  t.notOk(first.has('s'), 'nothing is bound');
  t.ok(await isFree(port));
  t.equal(await second.outcome(), 1);
  t.match(second.lines[1], new RegExp(`^failed to lock file:pid: process ${String(first.pid)} holds it; `));
  t.same(await first.stop(), success);
});
