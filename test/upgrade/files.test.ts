/** Files, sockets and the log of a run are those of the same run after an upgrade. */
import { renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { TestPipe } from '../helpers/output/test-pipe.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { room } from '../helpers/place/room.js';
import { childrenOf } from '../helpers/processes/children-of.js';
import { FaultRun, success } from '../helpers/running/faults.js';
import { LoggedRun } from '../helpers/running/logged-run.js';
import { failing } from '../helpers/running/first-worker.js';
import { Run } from '../helpers/running/starter.js';
import { upgrade, withoutUpgrade } from '../helpers/running/upgrades.js';

const how = { skip: withoutUpgrade };
const worker = ['--interval=0', '--', 'sleep', '99'];

t.test('the pid file stays locked, the status file goes on, and both are removed at the end', how, async (t) => {
  const run = new FaultRun(t, ['--pid-file=pid', '--status-file=st', ...worker]);
  await run.sees(/^starting new worker/);
  const { ino } = statSync(join(run.directory, 'pid'));
  await upgrade(run);
  t.equal(statSync(join(run.directory, 'pid')).ino, ino);
  const second = await failing(t, ['--pid-file=pid', ...worker], { cwd: run.directory });
  t.match(second, { code: 1, stderr: String(run.pid) });
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died/);
  await run.until('the second worker alone', () => run.read('st') === `2:${String(run.worker(2))}\n`);
  t.same(await run.stop(), success);
  t.notOk(run.has('pid') || run.has('st'));
});

t.test('the path of a unix socket is there afterwards, and gone at the end', how, async (t) => {
  const run = new FaultRun(t, ['--path=s', '--control=c', ...worker]);
  await run.sees(/^starting new worker/);
  const inodes = () => ['s', 'c'].map((name) => statSync(join(run.directory, name)).ino);
  const before = inodes();
  await upgrade(run);
  await upgrade(run, 2);
  t.same(inodes(), before);
  t.same(await run.stop(), success);
  t.notOk(run.has('s') || run.has('c'));
});

t.test('the socket that another server has put in place of its own is left alone', how, async (t) => {
  const run = new FaultRun(t, ['--path=s', ...worker]);
  await run.sees(/^starting new worker/);
  await upgrade(run);
  renameSync(join(run.directory, 's'), join(run.directory, 'away'));
  writeFileSync(join(run.directory, 's'), 'of another');
  t.same(await run.stop(), success);
  t.equal(run.read('s'), 'of another');
});

t.test('nothing more is open after ten upgrades', how, async (t) => {
  const words = ['--port=127.0.0.1:0', '--path=s', '--pid-file=pid', '--control=c', '--ready=notify'];
  const run = new FaultRun(t, [...words, ...worker]);
  await run.sees(/^starting new worker/);
  await upgrade(run);
  const before = descriptorsOf(run.pid).length;
  for (let times = 2; times <= 11; times += 1) await upgrade(run, times);
  await eventually('as few descriptors', () => descriptorsOf(run.pid).length <= before, {
    seen: () => descriptorsOf(run.pid).join('\n'),
  });
  t.same(childrenOf(run.pid), [run.worker(1)]);
  t.same(await run.stop(), success);
});

t.test('a log in a file, which USR1 opens again', how, async (t) => {
  const run = new LoggedRun(t, ['--log-file=log', ...worker]);
  await run.logs(/^starting new worker/);
  run.signal('SIGUSR2');
  await run.logs(/^upgraded from/);
  renameSync(join(run.directory, 'log'), join(run.directory, 'old'));
  run.signal('SIGUSR1');
  await eventually('the new file', () => run.has('log'));
  t.same(await run.stop(), success);
  t.match(run.read('log'), /^received TERM[^]*\nexiting\n$/m);
  t.notMatch(run.read('old'), /exiting/);
});

t.test('a logger is the same, one that dies is replaced, and it gets every line', how, async (t) => {
  const run = new LoggedRun(t, ['--log-file=|cat >>log', ...worker]);
  await run.logs(/^starting new worker/);
  const logger = () => childrenOf(run.pid).find((pid) => !run.workers.includes(pid)) ?? NaN;
  const first = logger();
  run.signal('SIGUSR2');
  await run.logs(/^upgraded from/);
  t.equal(logger(), first);
  process.kill(first, 'SIGKILL');
  await run.logs(/died/);
  await eventually('another logger', () => logger() > 0 && logger() !== first);
  run.signal('SIGUSR2');
  await run.logs(/^upgraded from/, { times: 2 });
  t.same(await run.stop(), success);
  await run.logs(/^exiting/);
});

t.test('lines that nobody has read yet are written when somebody does', how, async (t) => {
  const cwd = room(t);
  const pipe = new TestPipe(t);
  const run = new FaultRun(t, ['--control=c', ...worker], { cwd, stdio: ['ignore', 'ignore', pipe.writing] });
  await eventually('the first worker', () => pipe.keepReading().includes('starting new worker'));
  pipe.fill();
  const [first] = childrenOf(run.pid);
  run.signal('SIGHUP');
  await eventually('a second worker alone', () => childrenOf(run.pid).every((pid) => pid !== first));
  const asked = new Run(t, ['--upgrade', '--control=c'], { cwd });
  t.same(await asked.ended(), success);
  t.match(asked.stdout, 'has become');
  run.signal('SIGTERM');
  await eventually('the end', () => pipe.keepReading().includes('\nexiting\n'), { seen: () => pipe.keepReading() });
  t.match(pipe.keepReading(), /received HUP[^]*upgraded from[^]*received TERM/);
});
