/** What the status file says, and when. */
import { closeSync, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { failing } from '../helpers/running/first-worker.js';
import { probe } from '../helpers/processes/probe.js';
import { Run } from '../helpers/running/starter.js';
import { lingering, StatusRun } from '../helpers/running/status-run.js';
import { workspace } from '../helpers/place/workspace.js';

t.test('there is none before the first worker has started well, and none after the end', async (t) => {
  const run = new StatusRun(t, ['--interval=1']);
  await run.sees(/^starting new worker/);
  t.equal(run.status, undefined);
  await run.says('1:W1');
  t.same(readdirSync(run.directory), ['st'], 'and nothing beside it');
  t.same(await run.stop(), { code: 0, signal: null });
  t.same(readdirSync(run.directory), []);
});

t.test('while the first worker cannot start there is none', async (t) => {
  const run = new StatusRun(t, ['--interval=1'], ['-d', '0', '-x', '3']);
  await run.sees(/^new worker \d+ seems to have failed to start, exit status:768$/);
  await run.sees(/^starting new worker/, 2);
  t.equal(run.status, undefined);
  await run.stop();
  t.same(readdirSync(run.directory), []);
});

t.test('a reload, step by step', async (t) => {
  const run = new StatusRun(t, ['--interval=1', lingering]);
  await run.says('1:W1');
  run.signal('SIGHUP');
  await run.sees(/^starting new worker/, 2);
  t.equal(run.status, '1:W1', 'the new worker is not in it before its interval is over');
  await run.sees(/^killing old workers/);
  t.equal(run.status, '1:W1 2:W2', 'old and new');
  run.kill(1);
  await run.sees(/^old worker \d+ died/);
  await run.says('2:W2');
  await run.stop();
});

t.test('generations are in the order of their text', async (t) => {
  const run = new StatusRun(t, ['--interval=0', lingering]);
  await run.says('1:W1');
  for (let generation = 2; generation <= 11; generation++) await run.reload();
  await run.says('1:W1 10:W10 11:W11 2:W2 3:W3 4:W4 5:W5 6:W6 7:W7 8:W8 9:W9');
  await run.stop();
});

t.test('it never names a worker that is dead', async (t) => {
  const run = new StatusRun(t, ['--interval=1']);
  await run.says('1:W1');
  run.kill(1);
  await run.sees(/^worker \d+ died unexpectedly/);
  // In the original it names the dead worker for the interval of the next one.
  await run.says('');
  await run.says('2:W2');
  t.same(await run.stop(), { code: 0, signal: null });
});

t.test('while a new worker cannot start, the old ones are in it as long as they live', async (t) => {
  const broken = join(workspace(t), 'broken');
  const run = new StatusRun(t, ['--interval=1', lingering], ['-f', broken]);
  await run.says('1:W1');
  await run.reload();
  writeFileSync(broken, '');
  run.signal('SIGHUP');
  await run.sees(/^new worker \d+ seems to have failed to start/);
  t.equal(run.status, '1:W1 2:W2');
  run.kill(1);
  // The original finds out when a start has succeeded.
  await run.says('2:W2');
  rmSync(broken);
  await run.sees(/^killing old workers/, 2);
  const last = String(run.workers.length);
  t.equal(run.status, `2:W2 ${last}:W${last}`, 'failed starts count as generations');
  await run.stop();
});

t.test('during a stop each death takes a line out', async (t) => {
  const run = new StatusRun(t, ['--interval=0', lingering], ['-i', 'TERM']);
  await run.says('1:W1');
  await run.reload();
  t.equal(run.status, '1:W1 2:W2');
  run.signal('SIGTERM');
  await run.sees(/^received TERM/);
  run.kill(2);
  await run.sees(/^worker \d+ died, status:9$/);
  await run.says('1:W1');
  run.kill(1);
  t.same(await run.ended(), { code: 0, signal: null });
  t.same(readdirSync(run.directory), []);
});

t.test('it is made with the umask in force', async (t) => {
  for (const [umask, mode] of [
    ['0000', 0o666],
    ['0022', 0o644],
    ['0077', 0o600],
  ] as const) {
    const run = new StatusRun(t, ['--interval=0'], [], { under: ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh'] });
    await run.says('1:W1');
    t.equal(statSync(run.path).mode & 0o777, mode, umask);
    await run.stop();
  }
});

t.test('it is replaced as a whole', async (t) => {
  const run = new StatusRun(t, ['--interval=0']);
  await run.says('1:W1');
  const reader = openSync(run.path, 'r');
  t.teardown(() => closeSync(reader));
  run.signal('SIGHUP');
  await run.says('2:W2');
  t.equal(
    readFileSync(reader, 'latin1'),
    `1:${String(run.workers[0])}\n`,
    'whoever reads it sees all of the one before',
  );
  await run.stop();
});

t.test('a link is replaced, its target stays', async (t) => {
  const target = join(workspace(t), 'target');
  writeFileSync(target, 'precious');
  const cwd = workspace(t);
  symlinkSync(target, join(cwd, 'st'));
  const run = new Run(t, ['--interval=0', '--status-file=st', '--', probe()], { cwd });
  await eventually('the file', () => lstatSync(join(cwd, 'st')).isFile());
  await run.stop();
  t.equal(readFileSync(target, 'latin1'), 'precious');
  t.same(readdirSync(cwd), []);
});

t.test('it is relative to where the command was started, also with --dir', async (t) => {
  const run = new StatusRun(t, ['--interval=0', '--dir=/']);
  await run.says('1:W1');
  await run.stop();
  t.same(readdirSync(run.directory), []);
});

t.test('a file of a run before stays when the next one cannot start', async (t) => {
  const cwd = workspace(t);
  writeFileSync(join(cwd, 'st'), '7:77\n');
  const { code } = await failing(t, ['--status-file=st', '--port=1:1', '--', probe()], { cwd });
  t.equal(code, 99);
  t.equal(readFileSync(join(cwd, 'st'), 'latin1'), '7:77\n');
  t.same(readdirSync(cwd), ['st']);
});

t.test('0 and nothing are no file', async (t) => {
  for (const value of ['0', '']) {
    const cwd = workspace(t);
    const run = new Run(t, ['--interval=0', '--status-file', value, '--pid-file', value, '--', probe()], { cwd });
    await run.sees(/^starting new worker/);
    run.signal('SIGHUP');
    await run.sees(/^old worker/);
    t.same(readdirSync(cwd), []);
    await run.stop();
  }
});
