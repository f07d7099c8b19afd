/** The envdir is what a new worker's environment is made from, at every fork. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { FaultRun, success } from '../helpers/running/faults.js';
import { freePort } from '../helpers/place/ports.js';
import { room } from '../helpers/place/room.js';
import { plainEnvironment, type RunOptions } from '../helpers/running/starter.js';

type Files = Readonly<Record<string, string>>;

function write(directory: string, files: Files): void {
  for (const [name, value] of Object.entries(files)) writeFileSync(join(directory, 'env', name), `${value}\n`);
}

/** A run with an envdir `env`. */
function run(t: Test, files: Files, options: readonly string[], how: RunOptions = {}): FaultRun {
  const directory = room(t);
  mkdirSync(join(directory, 'env'));
  write(directory, files);
  return new FaultRun(t, ['--envdir=env', ...options], { ...how, cwd: directory });
}

/** A worker that tells a text about its environment, and lives. */
const telling = (text: string) => ['--', 'sh', '-c', `echo "${text}" >&2; exec sleep 99`];

t.test('row 03: a bad value is repaired while new workers fail because of it', async (t) => {
  const script = 'echo "MODE is $MODE" >&2; test "$MODE" != bad && exec sleep 99';
  const starter = run(t, { MODE: 'good' }, ['--interval=1', '--status-file=st', '--', 'sh', '-c', script]);
  await starter.appears('st');
  write(starter.directory, { MODE: 'bad' });
  starter.signal('SIGHUP');
  await starter.sees(/^new worker \d+ seems to have failed to start/);
  write(starter.directory, { MODE: 'good' });
  const told = () => starter.lines.filter((line) => line.startsWith('MODE'));
  const before = told().length;
  // The next start may have been under way.
  await starter.until(
    'a good start, or two more',
    () => told().at(-1) === 'MODE is good' || told().length > before + 1,
  );
  t.equal(told().at(-1), 'MODE is good');
  await starter.sees(/^new worker is now running/);
  t.same(await starter.stop(), success);
});

for (const [what, env, value] of [
  ['that the superdaemon was started with has that value again', { V: 'outer' }, 'outer'],
  ['that the superdaemon was started without is unset', {}, 'unset'],
] as const) {
  t.test(`row 12: a variable whose file is gone and ${what}`, async (t) => {
    const how = { env: { ...plainEnvironment(), ...env } };
    const starter = run(t, { V: 'file' }, ['--interval=0', ...telling('V is ${V-unset}')], how);
    await starter.sees(/^V is file$/);
    rmSync(join(starter.directory, 'env/V'));
    starter.signal('SIGHUP');
    t.equal((await starter.sees(/^V is (.*)$/, 2))[1], value);
    t.same(await starter.stop(), success);
  });
}

t.test('row 12b: auto restart that the envdir switches on begins, though nothing else happens', async (t) => {
  const starter = run(t, {}, ['--interval=1', '--status-file=st', '--kill-old-delay=0', '--', 'sleep', '99']);
  await starter.appears('st');
  write(starter.directory, { AUTO_RESTART_INTERVAL: '1', ENABLE_AUTO_RESTART: '1' });
  await starter.sees(/^autorestart triggered \(interval=1\)$/);
  t.same(await starter.stop(), success);
});

t.test('row 19: the variables of the superdaemon itself are not taken from the envdir', async (t) => {
  const port = await freePort();
  const files = { SERVER_STARTER_PORT: '1=9', SERVER_STARTER_GENERATION: '50' };
  const told = telling('gets $SERVER_STARTER_GENERATION and $SERVER_STARTER_PORT');
  const starter = run(t, files, ['--interval=0', `--port=127.0.0.1:${String(port)}`, ...told]);
  for (const generation of ['1', '2', '3']) {
    const [, seen, sockets] = await starter.sees(/^gets (.*) and (.*)$/, Number(generation));
    t.equal(seen, generation);
    t.match(sockets, new RegExp(`^127.0.0.1:${String(port)}=\\d+$`));
    starter.signal('SIGHUP');
  }
  t.same(await starter.stop(), success);
});
