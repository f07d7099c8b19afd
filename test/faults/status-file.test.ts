/** The status file: a failure to write it costs no service, and it names only live processes. */
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { FaultRun, success } from '../helpers/running/faults.js';
import { freePort, isFree } from '../helpers/place/ports.js';
import { probe } from '../helpers/processes/probe.js';
import { room } from '../helpers/place/room.js';
import { isAlive } from '../helpers/running/starter.js';
import { cannotMount, fill, tinyDisk } from '../helpers/place/tiny-disk.js';

t.test('row 02: a status file that cannot be written ends the start before anything is started', async (t) => {
  const port = await freePort();
  const run = new FaultRun(t, [`--port=${String(port)}`, '--status-file=no/st', '--', 'sleep', '99']);
  t.equal(await run.outcome(), 2);
  t.match(run.stderr, /^failed to create temporary file:no\/st\.\d+:No such file or directory(?:;.*)?$/m);
  t.ok(await isFree(port));
});

t.test(
  'row 02: when its directory is gone later the service goes on, and when it is back so is the file',
  async (t) => {
    const directory = room(t);
    mkdirSync(join(directory, 'd'));
    const run = new FaultRun(t, ['--interval=0', '--status-file=d/st', '--', 'sleep', '99'], { cwd: directory });
    await run.appears('d/st');
    rmSync(join(directory, 'd'), { recursive: true });
    run.signal('SIGHUP');
    await run.sees(/^old worker \d+ died/);
    t.match(run.story, /^failed to create temporary file:d\/st\.S:No such file or directory(?:;.*)?$/m);
    t.ok(isAlive(run.worker(2)));
    mkdirSync(join(directory, 'd'));
    run.signal('SIGHUP');
    await run.until('the third worker', () => run.read('d/st') === `3:${String(run.worker(3))}\n`);
    t.same(await run.stop(), success);
  },
);

t.test('row 02c: a status file does not take the place of a socket, nor of a named pipe', async (t) => {
  const directory = room(t);
  execFileSync('mkfifo', [join(directory, 'pipe')]);
  for (const [at, kind] of [
    ['s', 'isSocket'],
    ['pipe', 'isFIFO'],
  ] as const) {
    const options = ['--interval=0', '--path=s', `--status-file=${at}`];
    const run = new FaultRun(t, [...options, '--', 'sleep', '99'], { cwd: directory });
    await run.sees(/^failed to rename \S+ to (?:s|pipe):File exists(?:;.*)?$/);
    t.ok(lstatSync(join(directory, at))[kind](), at);
    t.same(await run.stop(), success);
  }
});

t.test('row 37: on a full disk the last complete status file stays', { skip: cannotMount() }, async (t) => {
  const directory = room(t);
  const disk = tinyDisk(t, join(directory, 'disk'));
  const run = new FaultRun(t, ['--interval=0', '--status-file=disk/st', '--', 'sleep', '99'], { cwd: directory });
  const status = await run.appears('disk/st');
  fill(disk);
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died/);
  t.equal(run.read('disk/st'), status);
  t.same(await run.stop(), success);
});

t.test('row 38: a worker that died is not in the status file while its successor is on probation', async (t) => {
  const run = new FaultRun(t, ['--interval=1', '--status-file=st', '--', 'sleep', '99']);
  await run.appears('st');
  process.kill(run.worker(1), 'SIGKILL');
  await run.sees(/^starting new worker/, 2);
  await run.until('the dead worker is gone', () => !run.read('st').includes(`1:${String(run.worker(1))}\n`));
  t.equal(run.read('st'), '', 'though its successor is not accepted yet');
  t.same(await run.stop(), success);
});

t.test('row 38: the death of an old worker is told while new ones fail to start', async (t) => {
  const program = [probe(), '-f', 'broken'];
  const options = ['--interval=1', '--status-file=st', '--signal-on-hup=CONT']; // old workers stay
  const run = new FaultRun(t, [...options, '--', ...program]);
  await run.appears('st');
  run.signal('SIGHUP');
  await run.sees(/^killing old workers/);
  writeFileSync(join(run.directory, 'broken'), '');
  run.signal('SIGHUP');
  await run.sees(/^new worker \d+ seems to have failed to start/);
  process.kill(run.worker(1), 'SIGKILL');
  await run.sees(/^new worker \d+ seems to have failed to start/, 3);
  t.match(run.story, /^old worker W1 died, status:9$/m);
  t.equal(run.read('st'), `2:${String(run.worker(2))}\n`);
  t.same(await run.stop(), success);
});
