/** What sleeping costs, and what keeps it awake. */
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { withoutSleeper } from '../helpers/images/asleep.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { probe } from '../helpers/processes/probe.js';
import { TestPipe } from '../helpers/output/test-pipe.js';
import { room } from '../helpers/place/room.js';
import { Talk } from '../helpers/running/control-socket.js';
import { childrenOf } from '../helpers/processes/children-of.js';
import { DaemonRun } from '../helpers/running/daemon-run.js';
import { FaultRun, success } from '../helpers/running/faults.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { failing } from '../helpers/running/first-worker.js';
import { LoggedRun } from '../helpers/running/logged-run.js';
import { isAlive, plainEnvironment } from '../helpers/running/starter.js';
import { asleep, Installed, isAsleep, upgrade } from '../helpers/running/upgrades.js';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';

const how = { skip: withoutSleeper };
const sleeping = ['--hibernate=0', '--interval=0'];
const worker = ['--', 'sleep', '99'];

/** The number of kB in a line of /proc/PID/smaps_rollup. */
function kilobytes(pid: number, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(procFile(pid, 'smaps_rollup'))?.[1]);
}

/** Clock ticks of a process so far, and how often it has been awake. */
function worked(pid: number): string {
  const [user, system] = procFile(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ')
    .slice(11, 13);
  const wakes = procFile(pid, 'status').match(/^(?:non)?voluntary_ctxt_switches:.*$/gm);
  return [user, system, ...(wakes ?? [])].join(' ');
}

t.test('one thread of 64 kB at the most, which does nothing, and is called start_server', how, async (t) => {
  const words = [
    '--port=127.0.0.1:0',
    '--path=s',
    '--pid-file=pid',
    '--status-file=st',
    '--control=c',
    '--ready=notify',
  ];
  const run = new FaultRun(t, [...sleeping, ...words, ...worker]);
  await run.sees(/^starting new worker/);
  // It is about to sleep, and has none in the midst of an exec.
  const before = await eventually('its arguments', () => procFile(run.pid, 'cmdline') || undefined);
  await asleep(run.pid, () => run.stderr);
  const [rss, pss] = ['Rss', 'Pss'].map((name) => kilobytes(run.pid, name));
  t.comment(`asleep: RSS ${String(rss)} kB, PSS ${String(pss)} kB`);
  t.ok(Number(rss) > 0 && Number(rss) <= 64);
  t.match(procFile(run.pid, 'status'), /^Threads:\t1$/m);
  t.equal(procFile(run.pid, 'comm'), 'start_server\n');
  t.equal(procFile(run.pid, 'cmdline'), before);
  const then = worked(run.pid);
  const since = performance.now();
  await run.until('two seconds', () => performance.now() - since > 2000);
  t.equal(worked(run.pid), then, 'no work in two seconds');
  t.same(await run.stop(), success);
});

t.test('--hibernate=SECONDS: only after so many without anything to do', how, async (t) => {
  const run = new FaultRun(t, ['--hibernate=2', '--interval=0', ...worker]);
  await run.sees(/^starting new worker/);
  const since = performance.now();
  await run.until('one second', () => isAsleep(run.pid) || performance.now() - since > 1000);
  t.notOk(isAsleep(run.pid));
  await asleep(run.pid);
  t.ok(performance.now() - since > 1900);
  t.same(await run.stop(), success);
});

t.test('without it, never', how, async (t) => {
  const run = new FaultRun(t, ['--interval=0', ...worker]);
  await run.sees(/^starting new worker/);
  const since = performance.now();
  await run.until('half a second', () => performance.now() - since > 500);
  t.notOk(isAsleep(run.pid));
  t.notOk(
    descriptorsOf(run.pid).some((line) => line.endsWith('start_server.cjs')),
    'and it holds no file for that',
  );
  t.same(await run.stop(), success);
});

t.test('a client keeps it awake, and its leaving lets it sleep', how, async (t) => {
  const run = new FaultRun(t, [...sleeping, '--control=c', ...worker]);
  await run.sees(/^starting new worker/);
  await asleep(run.pid);
  const follower = new Talk(t, run.directory, { command: 'follow' });
  await follower.line();
  run.signal('SIGHUP');
  await follower.line(4);
  t.notOk(isAsleep(run.pid));
  follower.socket.destroy();
  await asleep(run.pid);
  t.same(await run.stop(), success);
});

t.test('one that has closed its side, and may listen or be gone, does not; it is told what happens', how, async (t) => {
  const run = new FaultRun(t, [...sleeping, '--control=c', ...worker]);
  await run.sees(/^starting new worker/);
  const follower = new Talk(t, run.directory);
  follower.socket.end('{"command":"follow"}\n');
  await follower.line();
  await asleep(run.pid);
  run.signal('SIGHUP');
  t.match(await follower.line(2), { event: 'spawned', generation: 2 });
  await run.sees(/^old worker \d+ died/);
  await asleep(run.pid);
  t.same(await run.stop(), success);
  t.match((await follower.all()).at(-1), { event: 'died', generation: 2 });
});

t.test('old workers keep it awake, and the death of the last lets it sleep', how, async (t) => {
  const run = new FaultRun(t, [...sleeping, '--signal-on-hup=USR2', '--', probe(), '-i', 'USR2']);
  await run.sees(/^starting new worker/);
  await asleep(run.pid);
  run.signal('SIGHUP');
  await run.sees(/^killing old workers/);
  const since = performance.now();
  await run.until('half a second', () => performance.now() - since > 500);
  t.notOk(isAsleep(run.pid));
  process.kill(run.worker(1), 'SIGKILL');
  await asleep(run.pid);
  t.same(await run.stop(), success);
});

t.test('lines that nobody reads keep it awake', how, async (t) => {
  const pipe = new TestPipe(t);
  const run = new FaultRun(t, [...sleeping, ...worker], { stdio: ['ignore', 'ignore', pipe.writing] });
  await eventually('the first worker', () => pipe.keepReading().includes('starting new worker'));
  await asleep(run.pid);
  pipe.fill();
  process.kill(childrenOf(run.pid)[0] ?? NaN, 'SIGKILL');
  await eventually('the second worker', () => childrenOf(run.pid).length === 1 && !isAsleep(run.pid));
  const since = performance.now();
  await run.until('a second', () => performance.now() - since > 1000);
  t.notOk(isAsleep(run.pid));
  await eventually('its lines', () => pipe.keepReading().includes('restarting\nstarting'));
  await asleep(run.pid);
  run.signal('SIGTERM');
  await eventually('the end', () => pipe.keepReading().includes('exiting\n'));
});

t.test('a logger that dies is started again', how, async (t) => {
  const run = new LoggedRun(t, [...sleeping, '--log-file=|cat >>log', ...worker], { cwd: room(t) });
  await run.logs(/^starting new worker/);
  const logger = () => childrenOf(run.pid).find((pid) => !run.workers.includes(pid)) ?? NaN;
  for (const times of [1, 2, 3]) {
    await asleep(run.pid);
    process.kill(logger(), 'SIGKILL');
    await run.logs(/^logger \d+ died/, { times });
    await eventually('another logger', () => logger() > 0);
  }
  await asleep(run.pid);
  t.same(await run.stop(), success);
  await run.logs(/^exiting/);
});

t.test('a daemon', how, async (t) => {
  const run = new DaemonRun(t, ['--hibernate=0', '--log-file=log', ...worker], { cwd: room(t) });
  await asleep(await run.stands());
  process.kill(run.daemon, 'SIGHUP');
  await run.logs(/^old worker \d+ died/);
  await asleep(run.daemon);
  await run.stopDaemon();
});

t.test('it can be upgraded, and sleeps again', how, async (t) => {
  const run = new FaultRun(t, [...sleeping, ...worker]);
  await run.sees(/^starting new worker/);
  for (const times of [1, 2, 3]) {
    await asleep(run.pid);
    await upgrade(run, times);
  }
  await asleep(run.pid);
  t.same(await run.stop(), success);
});

t.test('another user, in whose PATH there are directories that are closed to it', how, async (t) => {
  const under = process.getuid?.() === 0 ? ['setpriv', '--reuid=64323', '--clear-groups'] : [];
  const env = { ...plainEnvironment(), PATH: `/root/none:${process.env['PATH'] ?? ''}` };
  const run = new FaultRun(t, [...sleeping, ...worker], { cwd: '/', under, env });
  await run.sees(/^starting new worker/);
  await asleep(run.pid, () => run.stderr);
  t.same(await run.stop(), success);
});

t.test(
  'one that wakes where the user may have no more processes waits until it may, and loses nothing',
  how,
  async (t) => {
    const isRoot = process.getuid?.() === 0;
    // The limit counts all of a user's, and does not hold for root.
    const under = isRoot ? ['setpriv', '--reuid=64324', '--clear-groups'] : [];
    const run = new FaultRun(t, [...sleeping, ...worker], { under });
    await run.sees(/^starting new worker/);
    await asleep(run.pid, () => run.stderr);
    const limit = (soft: number) =>
      execFileSync('env', [...under, 'prlimit', `--pid=${String(run.pid)}`, `--nproc=${String(soft)}:`]);
    limit(1);
    run.signal('SIGHUP');
    await run.sees(/^start_server: the system refuses a thread to node/);
    t.ok(isAlive(run.worker(1)));
    limit(1000);
    await run.sees(/^old worker \d+ died/);
    await asleep(run.pid, () => run.stderr);
    t.same(await run.stop(), success);
  },
);

for (const missing of ['preload.so', 'sleeper'])
  t.test(`without ${missing} it does not start, and says why`, how, async (t) => {
    const installed = new Installed(t);
    rmSync(installed.path(`build/Release/${missing}`));
    const { code, stderr } = await failing(t, [...sleeping, '--path=s', ...worker], {
      cwd: room(t),
      starter: installed.starter,
    });
    t.match(stderr, /^--hibernate is not possible here: No such file or directory; it needs Linux, .*\n$/);
    t.equal(code, 2);
  });
