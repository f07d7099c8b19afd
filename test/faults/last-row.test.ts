/** The last row, which has no number: what is not a fault of the original, but Perl's own. */
import { closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { variable } from '../helpers/running/first-worker.js';
import { FaultRun, probed, success } from '../helpers/running/faults.js';
import { freePort } from '../helpers/place/ports.js';
import { probe } from '../helpers/processes/probe.js';
import { room } from '../helpers/place/room.js';
import { withoutRemedies } from '../helpers/side-by-side/wording.js';

t.test("last row: --version prints superdaemon's own version", async (t) => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const run = new FaultRun(t, ['--version']);
  t.same(await run.ended(), success);
  t.equal(run.stdout, `${version}\n`);
});

t.test('last row: descriptors start at 3', async (t) => {
  const port = String(await freePort());
  const { run, dump } = await probed(t, [`--port=127.0.0.1:${port}`]);
  t.equal(variable(dump, 'SERVER_STARTER_PORT'), `127.0.0.1:${port}=3`);
  t.equal(dump.fds.get(3)?.name, `127.0.0.1:${port}`);
  t.same(await run.stop(), success);
});

t.test('last row: no message names a line of a script', async (t) => {
  const directory = room(t);
  const address = join(directory, 's');
  closeSync(addon.openListener({ family: 'unix', type: 'stream', address, port: 0, backlog: 1 }));
  const run = new FaultRun(t, ['--path=s', '--', probe()], { cwd: directory });
  await run.sees(/^starting new worker/);
  t.equal(run.lines[1], 'removing existing socket file:s');
  t.same(await run.stop(), success);
});

t.test('last row: an error is one line', async (t) => {
  const run = new FaultRun(t, ['--port=abc', '--', probe()]);
  t.equal(await run.outcome(), 255);
  t.equal(
    withoutRemedies(run.stderr).replace(/pid:\d+/, 'pid:S'),
    "start_server (pid:S) starting now...\ninvalid ``port'' value:abc\n",
  );
});
