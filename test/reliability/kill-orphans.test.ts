/** --kill-orphans: whom the system kills when the superdaemon is killed, and whom it does not. */
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/place/ports.js';
import { probe } from '../helpers/processes/probe.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { room } from '../helpers/place/room.js';
import { isAlive, Run } from '../helpers/running/starter.js';

const isRoot = process.getuid?.() === 0;
const asUser = ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups'];

for (const [what, options, program, isKilled] of [
  ['a worker', ['--kill-orphans'], [probe()], true],
  ['one in a process group of its own', ['--kill-orphans', '--process-group'], [probe()], true],
  ['a worker, where it was not asked for', [], [probe()], false],
  ['one that has become another user', ['--kill-orphans'], [...asUser, probe()], false],
] as const) {
  const skip = program.length > 1 && !isRoot && 'only root can become somebody else';
  t.test(`${isKilled ? 'killed' : 'left'}: ${what}`, { skip }, async (t) => {
    const port = `--port=127.0.0.1:${String(await freePort())}`;
    const run = new Run(t, [...options, port, '--interval=0', '--', ...program], { cwd: room(t) });
    await run.sees(/^starting new worker/);
    const [worker = NaN] = run.workers;
    // setpriv is done with its work when it has become the program.
    await eventually('the program', () => /^Name:\tprobe$/m.test(procFile(worker, 'status')));
    run.signal('SIGKILL');
    await eventually('the end of the superdaemon', () => !isAlive(run.pid));
    if (isKilled) await eventually('the end of the worker', () => !isAlive(worker));
    else t.ok(isAlive(worker));
  });
}
