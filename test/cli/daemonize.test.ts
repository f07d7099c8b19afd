/** --daemonize: when the foreground returns, what the daemon is, and that it is a superdaemon like any other. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { childrenOf } from '../helpers/processes/children-of.js';
import { DaemonRun } from '../helpers/running/daemon-run.js';
import { eventually } from '../helpers/eventually.js';
import { descriptors, variable } from '../helpers/running/first-worker.js';
import { probe } from '../helpers/processes/probe.js';
import { descriptorsOf, parentOf } from '../helpers/processes/processes.js';
import { after } from '../helpers/running/shells.js';
import { isAlive, ours, plainEnvironment } from '../helpers/running/starter.js';
import { slowed, withoutStrace } from '../helpers/processes/strace.js';
import { room } from '../helpers/place/room.js';
import { procFile } from '../helpers/processes/proc-file.js';

const toLog = '--log-file=log';
const sleeping = ['--', 'sleep', '100'];
const probing = ['--', probe(), '-o', 'dump'];

/** As in /proc/PID/stat; `terminal` is 0 where there is none. */
function sessionOf(pid: number): { group: number; session: number; terminal: number } {
  const stat = procFile(pid, 'stat').replace(/^.*\) /s, '');
  const [, , group = NaN, session = NaN, terminal = NaN] = stat.split(' ').map(Number);
  return { group, session, terminal };
}

t.test('when the foreground returns, the pid file is complete and there is a worker', (t) => {
  for (let round = 0; round < 5; round += 1) {
    const cwd = room(t);
    const words = ['--daemonize', '--interval=0', '--pid-file=pid', toLog, ...sleeping];
    const { status } = spawnSync(ours.command, words, { cwd, env: plainEnvironment(), stdio: 'ignore' });
    const pid = readFileSync(join(cwd, 'pid'), 'latin1');
    t.equal(status, 0);
    t.match(pid, /^\d+\n$/);
    t.equal(childrenOf(Number(pid)).length, 1);
    process.kill(Number(pid), 'SIGTERM');
  }
  t.end();
});

t.test('it waits for that however long it takes', { skip: withoutStrace }, async (t) => {
  const begun = performance.now();
  const under = slowed('flock:delay_enter=300000', 'listen:delay_enter=300000');
  const run = new DaemonRun(t, [toLog, '--port=127.0.0.1:0', ...sleeping], { under, stdio: 'ignore' });
  const { code } = await run.ended();
  t.equal(code, 0);
  t.ok(performance.now() - begun > 600);
  t.ok(isAlive(run.daemon));
  t.equal(childrenOf(run.daemon).length, 1);
  await run.stopDaemon();
});

t.test('the daemon is in a session of its own, which it does not lead, and a child of nobody here', async (t) => {
  const run = new DaemonRun(t, [toLog, ...probing]);
  const daemon = await run.stands();
  const { group, session, terminal } = sessionOf(daemon);
  t.equal(group, session);
  t.not(session, daemon);
  t.not(session, sessionOf(process.pid).session);
  t.equal(terminal, 0);
  t.notOk([run.pid, session, process.pid].includes(parentOf(daemon)));
  await eventually('the end of the leader', () => !existsSync(`/proc/${String(session)}`));
  const dump = await run.dump();
  t.match(dump.process, { ppid: daemon, sid: session, pgid: session, hasTerminal: false });
  await run.stopDaemon();
});

t.test('standard input is /dev/null, the rest is the log, and nothing is left of how it was started', async (t) => {
  const run = new DaemonRun(t, [toLog, '--port=127.0.0.1:0', ...probing], { stdio: ['pipe', 'pipe', 'pipe'] });
  const daemon = await run.stands();
  const log = join(run.directory, 'log');
  const dump = await run.dump();
  t.same(descriptors(dump), [0, 1, 2, 3]);
  t.match(dump.fds.get(0), { target: '/dev/null', access: 'RDONLY', cloexec: false });
  for (const number of [1, 2]) t.match(dump.fds.get(number), { target: log, append: true, access: 'WRONLY' });
  t.equal(variable(dump, 'SERVER_STARTER_PORT'), '127.0.0.1:0=3');
  const own = descriptorsOf(daemon);
  t.same(own.filter((line) => /^[012] /.test(line)).sort(), ['0 /dev/null', `1 ${log}`, `2 ${log}`]);
  t.same(childrenOf(daemon), [dump.process.pid], 'the worker is its only child');
  await run.stopDaemon();
});

t.test('"starting now" is said to the caller, with the pid of the foreground', async (t) => {
  const run = new DaemonRun(t, [toLog, '--port=127.0.0.1:0=7', ...sleeping]);
  const daemon = await run.stands();
  t.same(run.lines, [
    `start_server (pid:${String(run.pid)}) starting now...`,
    'socket is duplicated to file descriptor 7',
  ]);
  t.equal(run.stdout, '');
  t.not(daemon, run.pid);
  await run.stopDaemon();
  t.match(run.read(), /^starting new worker \d+\nreceived TERM, .*\nworker .*\nexiting\n$/);
});

t.test('HUP, the status file and TERM work as ever', async (t) => {
  const run = new DaemonRun(t, [toLog, '--status-file=st', '--path=s', ...sleeping]);
  const daemon = await run.stands();
  const status = (expected: RegExp) =>
    eventually(String(expected), () => expected.test(run.read('st')), { seen: () => run.read('st') + run.read() });
  await status(/^1:\d+\n$/);
  process.kill(daemon, 'SIGHUP');
  await status(/^2:\d+\n$/);
  await run.logs(/^old worker \d+ died, status:15$/);
  await run.stopDaemon();
  t.match(run.read(), /^exiting\n$/m);
  for (const name of ['pid', 'st', 's']) t.notOk(run.has(name), name);
});

t.test('USR1 opens its log again', async (t) => {
  const run = new DaemonRun(t, [toLog, ...sleeping]);
  const daemon = await run.stands();
  renameSync(join(run.directory, 'log'), join(run.directory, 'log.1'));
  process.kill(daemon, 'SIGUSR1');
  await run.logs(/^received USR1, log file opened again$/);
  await run.stopDaemon();
});

t.test('a socket asked for on 0 stays there', async (t) => {
  const run = new DaemonRun(t, [toLog, '--port=127.0.0.1:0=0', '--port=[::1]:0=10', ...probing]);
  await run.stands();
  const dump = await run.dump();
  t.match(dump.fds.get(0)?.name, /^127\.0\.0\.1:/);
  t.match(dump.fds.get(10)?.name, /^\[::1\]:/);
  t.equal(variable(dump, 'SERVER_STARTER_PORT'), '127.0.0.1:0=0;[::1]:0=10');
  await run.stopDaemon();
});

t.test("with --log-file=0 it keeps the caller's standard output and error", async (t) => {
  const run = new DaemonRun(t, ['--log-file=0', ...probing, '-M', 'to output', '-m', 'to error']);
  await eventually('the worker', () => run.stdout === 'to output\n' && run.stderr.includes('to error\n'));
  await run.sees(/^starting new worker \d+$/);
  t.equal((await run.dump()).fds.get(0)?.target, '/dev/null');
  await run.stopDaemon();
  t.same(await run.ended(), { code: 0, signal: null });
  t.match(run.stderr, /^exiting$/m);
});

t.test('its logger lives with it, and has nothing of the caller', async (t) => {
  const run = new DaemonRun(t, ['--log-file', `| ${probe()} -o logger`, ...sleeping]);
  const daemon = await run.stands(); // and the pipes to it are at their end
  const { fds, process: logger } = await run.dump('logger');
  const { session } = sessionOf(daemon);
  t.match(logger, { ppid: daemon, sid: session, pgid: session, hasTerminal: false });
  t.same([...fds.keys()], [0, 1, 2]);
  t.match(fds.get(0), { target: /^pipe:/, access: 'RDONLY' });
  t.same([fds.get(1)?.target, fds.get(2)?.target], ['/dev/null', '/dev/null']);
  t.equal(readlinkSync(`/proc/${String(daemon)}/fd/2`), fds.get(0)?.target);
  await run.stopDaemon();
});

t.test('its logger is given the log, and is replaced when it dies', async (t) => {
  const run = new DaemonRun(t, ['--log-file', '| tee -a log', ...sleeping], { under: after('exec </dev/null') });
  const daemon = await run.stands();
  await run.logs(/^starting new worker/);
  const [logger = NaN] = childrenOf(daemon).filter((pid) => !run.workers.includes(pid));
  process.kill(logger, 'SIGKILL');
  await run.logs(new RegExp(`^logger ${String(logger)} died unexpectedly with status:9, restarting$`));
  await run.stopDaemon();
  await run.logs(/^exiting$/);
  t.equal(run.stdout, '', 'what tee repeats does not reach the caller');
});
