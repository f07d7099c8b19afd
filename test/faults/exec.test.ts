/** A worker whose chdir or exec fails touches nothing of the superdaemon's, and tells it in one line. */
import { copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { FaultRun, success } from '../helpers/running/faults.js';
import { probe } from '../helpers/processes/probe.js';
import { room } from '../helpers/place/room.js';

const files = ['--pid-file=pid', '--path=s', '--status-file=st'];

for (const [what, broken, words, status] of [
  ['its directory is gone', 'sub', ['--dir=sub', '--', '../prog'], 512],
  ['its program is gone', 'prog', ['--', './prog'], 65280],
] as const) {
  t.test(`row 02b: a worker that fails because ${what} removes no file of the superdaemon`, async (t) => {
    const directory = room(t);
    mkdirSync(join(directory, 'sub'));
    copyFileSync(probe(), join(directory, 'prog'));
    const run = new FaultRun(t, ['--interval=1', ...files, ...words], { cwd: directory });
    await run.appears('st');
    renameSync(join(directory, broken), join(directory, 'gone'));
    run.signal('SIGHUP');
    // Without ^, since in the original it stands behind the text of the failure.
    await run.sees(new RegExp(`seems to have failed to start, exit status:${String(status)}$`));
    for (const name of ['pid', 's', 'st']) t.ok(run.has(name), `the file ${name} is there`);
    renameSync(join(directory, 'gone'), join(directory, broken));
    await run.sees(/^killing old workers$/);
    t.same(await run.stop(), success);
  });
}

for (const [what, options, line] of [
  ['an exec', ['--', '/no/prog'], 'failed to exec /no/prog:No such file or directory'],
  ['a chdir', ['--dir=/no/dir', '--', 'true'], 'failed to chdir:/no/dir:No such file or directory'],
] as const) {
  t.test(`row 30: ${what} that fails is told in one line`, async (t) => {
    const run = new FaultRun(t, options);
    await run.sees(/seems to have failed to start, exit status:\d+$/);
    t.ok(run.lines.includes(line));
    t.match(run.story, /^new worker W1 seems to have failed to start, exit status:\d+$/m);
    t.same(await run.stop(), success);
  });
}
