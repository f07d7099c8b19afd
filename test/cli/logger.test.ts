/** --log-file='| COMMAND': how the logger is started, what it is given, and how it ends. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { childrenOf } from '../helpers/processes/children-of.js';
import { flagsOf } from '../helpers/processes/descriptor-flags.js';
import { eventually } from '../helpers/eventually.js';
import { failing, variable } from '../helpers/running/first-worker.js';
import { LoggedRun, type LoggedRunOptions } from '../helpers/running/logged-run.js';
import { script } from '../helpers/processes/native.js';
import { parseDump, probe, type ProbeDump } from '../helpers/processes/probe.js';
import { parentOf } from '../helpers/processes/processes.js';
import { room } from '../helpers/place/room.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { after } from '../helpers/running/shells.js';
import { isAlive, plainEnvironment } from '../helpers/running/starter.js';

const worker = ['--interval=0', '--', 'sleep', '100'];

/** The command lines of the children that are no workers. */
function loggersOf(run: LoggedRun): string[] {
  const pids = childrenOf(run.pid).filter((pid) => !run.workers.includes(pid));
  return pids.map(commandLineOf).filter((line) => line !== '');
}

/** Empty once the process has ended. */
function commandLineOf(pid: number): string {
  return procFile(pid, 'cmdline').replace(/\0/g, '|');
}

t.test('a command is run with a shell only where it needs one', async (t) => {
  const table: [value: string, commandLine: string][] = [
    ['| tee -a log', 'tee|-a|log|'],
    ['|tee   -a\tlog ', 'tee|-a|log|'],
    [' \n|\n/usr/bin/tee -a log', '/usr/bin/tee|-a|log|'],
    ['| cat >>log; true', '/bin/sh|-c|cat >>log; true|'],
    ["| tee -a 'log'; true", "/bin/sh|-c|tee -a 'log'; true|"],
    ['| A=log; cat >>$A; :', '/bin/sh|-c|A=log; cat >>$A; :|'],
  ];
  for (const [value, commandLine] of table) {
    const run = new LoggedRun(t, ['--log-file', value, ...worker]);
    await run.logs(/^starting new worker/);
    // The launcher's holder ends at about this time.
    const found = () => loggersOf(run);
    await eventually(`only ${commandLine}`, () => found().join('\n') === commandLine, {
      seen: () => found().join('\n'),
    });
    t.same(await run.stop(), { code: 0, signal: null });
    await run.logs(/^exiting$/);
    t.match(run.lines, [/^start_server \(pid:\d+\) starting now\.\.\.$/], 'one line came before the log');
    t.match(run.read(), /^starting new worker \d+\nreceived TERM, .*\nworker .*\nexiting\n$/);
  }
});

t.test('a command that cannot be run ends the start before anything is said or done', async (t) => {
  const table: [value: string, reason: string, code: number][] = [
    ['| /no/such/logger -x', 'No such file or directory', 2],
    ['| no-such-logger', 'No such file or directory', 2],
    ['| exit 3', 'No such file or directory', 2],
    ['| ./file', 'Permission denied', 13],
    ['| ./directory', 'Permission denied', 13],
    ['| file/logger', 'Not a directory', 20],
    ['|', 'Broken pipe', 32],
    [' | \n ', 'Broken pipe', 32],
  ];
  for (const [value, reason, code] of table) {
    const cwd = room(t);
    writeFileSync(join(cwd, 'file'), '#!/bin/sh\n');
    chmodSync(join(cwd, 'file'), 0o644);
    mkdirSync(join(cwd, 'directory'));
    const options = ['--log-file', value, '--path=s', '--pid-file=p', '--status-file=st'];
    const ended = await failing(t, [...options, ...worker], { cwd });
    t.same(ended, {
      code,
      stderr: `failed to open pipe:${value.replace('\n', String.raw`\n`)}: ${reason}; give "| COMMAND" with a command that this user may run\n`,
      stdout: '',
    });
    t.same(readdirSync(cwd).sort(), ['directory', 'file']);
  }
});

t.test('it is found along PATH, past what cannot be run', async (t) => {
  const cwd = room(t);
  mkdirSync(join(cwd, 'first'));
  mkdirSync(join(cwd, 'second'));
  writeFileSync(join(cwd, 'first', 'my-logger'), 'no program', { mode: 0o644 });
  script(join(cwd, 'second', 'my-logger'), '#!/bin/sh\nexec cat >>log\n');
  const PATH = `${cwd}/first:${cwd}/second:${String(process.env['PATH'])}`;
  const run = new LoggedRun(t, ['--log-file', '| my-logger', ...worker], { cwd, env: { ...plainEnvironment(), PATH } });
  await run.logs(/^starting new worker/);
  await run.stop();
  const ended = await failing(t, ['--log-file', '| my-logger', ...worker], { cwd, env: { PATH: `${cwd}/first:/bin` } });
  t.same(
    [ended.code, ended.stderr],
    [
      13,
      'failed to open pipe:| my-logger: Permission denied; give "| COMMAND" with a command that this user may run\n',
    ],
  );
});

interface ProbedLogger {
  readonly run: LoggedRun;
  readonly dump: ProbeDump;
  readonly worker: ProbeDump;
}

/** Probes for a logger, which does not read and so goes on living at the end, and for a worker. */
async function probedLogger(t: Test, options: readonly string[] = [], how: LoggedRunOptions = {}, words = '') {
  const logger = `| ${probe()} -o logger.%p ${words}`;
  const program = ['--', probe(), '-o', `${how.cwd ?? '.'}/worker`];
  const run = new LoggedRun(t, ['--log-file', logger, '--interval=0', ...options, ...program], how);
  const dumped = (name: string) =>
    eventually(name, () => readdirSync(run.directory).find((file) => new RegExp(`^${name}(\\.\\d+)?$`).test(file)), {
      seen: () => run.stderr,
    });
  const [own, workers] = [await dumped('logger'), await dumped('worker')];
  const [dump, worker] = [own, workers].map((name) => parseDump(run.read(name)));
  if (dump === undefined || worker === undefined) throw new Error('no dumps');
  return { run, dump, worker } satisfies ProbedLogger;
}

t.test('the logger has the pipe, what the caller had for output and otherwise open, and no more', async (t) => {
  // Whatever this process has inherited is there, too; the pipe and the sockets of the superdaemon are not.
  const under = after('exec 7</etc/passwd');
  const sockets = ['--port=127.0.0.1:0', '--path=s', '--pid-file=p'];
  const { run, dump, worker } = await probedLogger(t, sockets, { under }, '-M output -m error');
  t.equal(dump.fds.get(7)?.target, '/etc/passwd');
  const [first, second] = [...worker.fds].filter(([number]) => number !== 7 && dump.fds.get(number) === undefined);
  t.same([first?.[1].name?.startsWith('127.0.0.1:'), second?.[1].name], [true, 's'], 'only workers have the sockets');
  t.equal([...dump.fds.values()].filter(({ target }) => target === dump.fds.get(0)?.target).length, 1);
  t.match(dump.fds.get(0), { target: /^pipe:/, access: 'RDONLY', cloexec: false, nonblock: false });
  await eventually('its output', () => run.stdout === 'output\n' && /^error$/m.test(run.stderr));
  t.equal(worker.fds.get(1)?.target, dump.fds.get(0)?.target, 'the other end is the output of workers');
  t.match(worker.fds.get(1), { access: 'WRONLY', nonblock: false, cloexec: false });
  t.equal(worker.fds.get(2)?.target, dump.fds.get(0)?.target);
  t.equal([...worker.fds.values()].filter(({ target }) => target === dump.fds.get(0)?.target).length, 2);
  t.same([1, 2].map((number) => flagsOf(number, run.pid).nonBlocking), [false, false]); // prettier-ignore
});

t.test('it is a plain child of the superdaemon, in its directory', async (t) => {
  const cwd = room(t);
  mkdirSync(join(cwd, 'd'));
  const { run, dump, worker } = await probedLogger(t, ['--dir=d'], { cwd, under: ['prlimit', '--nofile=500'] });
  t.match(dump.process, { ppid: run.pid, cwd, pgid: worker.process.pgid, sid: worker.process.sid });
  t.same([dump.process.ignored, dump.process.blocked], [[], []], 'PIPE is not ignored, as it is for workers');
  t.equal(dump.limits.get('Max open files')?.soft, 500);
  t.equal(parentOf(dump.process.pid), run.pid);
});

t.test('its environment is that of workers without what is about sockets', async (t) => {
  const cwd = room(t);
  mkdirSync(join(cwd, 'env'));
  writeFileSync(join(cwd, 'env', 'FROM_ENVDIR'), 'yes\n');
  const env = { ...plainEnvironment(), 'A.B': '\xe9', NODE_OPTIONS: '--max-old-space-size=100' };
  const options = ['--envdir=env', '--kill-old-delay=3', '--port=127.0.0.1:0'];
  const { dump, worker } = await probedLogger(t, options, { cwd, env });
  const own = /^SERVER_STARTER_(PORT|GENERATION)=/;
  t.same([...dump.environ].sort(), worker.environ.filter((entry) => !own.test(entry)).sort());
  t.match(
    [variable(dump, 'FROM_ENVDIR'), variable(dump, 'KILL_OLD_DELAY'), variable(dump, 'ENVDIR')],
    ['yes', '3', 'env'],
  );
  t.same(dump.environ.filter((entry) => /SUPERDAEMON|SERVER_STARTER/.test(entry)), []); // prettier-ignore
});

t.test('at the end it is not waited for, sees the end of file, and has got everything', async (t) => {
  const cwd = room(t);
  script(
    join(cwd, 'logger'),
    '#!/bin/sh\necho $$ >pid; exec >>log 2>&1; cat; while [ ! -e go ]; do sleep 0.05; done; echo end\n',
  );
  const run = new LoggedRun(t, ['--log-file', '| ./logger', ...worker], { cwd });
  await run.logs(/^starting new worker/);
  t.same(await run.stop(), { code: 0, signal: null });
  await run.logs(/^exiting$/);
  const pid = Number(run.read('pid'));
  t.ok(isAlive(pid));
  writeFileSync(join(cwd, 'go'), '');
  await run.logs(/^end$/);
  await eventually('its end', () => !isAlive(pid));
});

t.test('it sees the end of file, too, when the start fails', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const port = `--port=127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const cwd = room(t);
  const { code, stderr } = await failing(t, ['--log-file', '| cat >>log; touch ended', port, ...worker], { cwd });
  t.equal(code, 98);
  t.match(
    stderr,
    /^start_server .*\nfailed to bind to 127\.0\.0\.1:\d+:Address already in use; process \d+ \(".+"\) has it: stop it, or give another --port\n$/,
  );
  await eventually('the end of the logger', () => existsSync(join(cwd, 'ended')));
  t.equal(readFileSync(join(cwd, 'log'), 'latin1'), '');
});
