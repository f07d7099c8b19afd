/** --log-file: what goes there and what does not, and where there is. */
import {
  chmodSync,
  closeSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
} from 'node:fs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { eventually } from '../helpers/eventually.js';
import { descriptors } from '../helpers/running/first-worker.js';
import { LoggedRun, type LoggedRunOptions } from '../helpers/running/logged-run.js';
import { freePort } from '../helpers/place/ports.js';
import { parseDump, probe, type ProbeDump } from '../helpers/processes/probe.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { after } from '../helpers/running/shells.js';
import { workspace } from '../helpers/place/workspace.js';
import { procFile } from '../helpers/processes/proc-file.js';

interface Logged {
  readonly run: LoggedRun;
  readonly dump: ProbeDump;
}

/** Runs the probe with the log in the file `log` unless told otherwise. */
async function logged(t: Test, options: readonly string[], how: LoggedRunOptions = {}, words: readonly string[] = []) {
  const dump = join(workspace(t), 'dump');
  const program = ['--', probe(), '-o', dump, ...words];
  const run = new LoggedRun(t, ['--interval=0', ...options, ...program], how);
  await run.logs(/^starting new worker/);
  await eventually('the first worker', () => statSync(dump, { throwIfNoEntry: false }), { seen: () => run.read() });
  return { run, dump: parseDump(readFileSync(dump, 'latin1')) } satisfies Logged;
}

const toLog = '--log-file=log';

t.test('from the first worker on all lines are in the log, those before on standard error', async (t) => {
  const cwd = workspace(t);
  const stale = { family: 'unix', type: 'stream', address: join(cwd, 's'), port: 0, backlog: 1 } as const;
  closeSync(addon.openListener(stale));
  const options = [toLog, '--interval=0', `--port=${String(await freePort())}=7`, '--path=s'];
  const run = new LoggedRun(t, [...options, '--', 'sleep', '100'], { cwd });
  await run.logs(/^starting new worker/);
  run.signal('SIGHUP');
  await run.logs(/^old worker \d+ died/);
  t.same(await run.stop(), { code: 0, signal: null });
  const [first, second] = run.workers.map(String);
  t.equal(run.stdout, '');
  t.same(run.lines, [
    `start_server (pid:${String(run.pid)}) starting now...`,
    'socket is duplicated to file descriptor 7',
    'removing existing socket file:s',
  ]);
  t.same(run.read().split('\n'), [
    `starting new worker ${String(first)}`,
    'received HUP, spawning a new worker',
    `starting new worker ${String(second)}`,
    `new worker is now running, sending TERM to old workers:${String(first)}`,
    'killing old workers',
    `old worker ${String(first)} died, status:15`,
    `received TERM, sending TERM to all workers:${String(second)}`,
    `worker ${String(second)} died, status:15`,
    'exiting',
    '',
  ]);
});

t.test('standard output and standard error of workers are the file', async (t) => {
  const { run, dump } = await logged(t, [toLog, '--port=127.0.0.1:0'], {}, ['-M', 'to output', '-m', 'to error']);
  const file = join(run.directory, 'log');
  for (const number of [1, 2]) {
    t.match(dump.fds.get(number), { target: file, access: 'WRONLY', append: true, nonblock: false, cloexec: false });
  }
  t.same(descriptors(dump), [0, 1, 2, 3], 'and nothing else of it is open there');
  const held = () => descriptorsOf(run.pid).filter((line) => line.endsWith(file));
  t.same(held().sort(), [`1 ${file}`, `2 ${file}`], 'nor in the superdaemon');
  await run.logs(/^to error\nto output$/);
  await run.stop();
});

t.test('also where the caller had closed its own', async (t) => {
  for (const redirections of ['>&-', '2>&-', '>&- 2>&-', '<&- >&- 2>&-']) {
    const { run, dump } = await logged(t, [toLog], { under: after(`exec ${redirections}`) }, ['-M', 'said']);
    const file = join(run.directory, 'log');
    t.same([1, 2].map((number) => dump.fds.get(number)?.target), [file, file], redirections); // prettier-ignore
    await run.logs(/^said$/);
    await run.stop();
  }
});

t.test('superdaemon and workers have one open file, not several on the same path', async (t) => {
  // A lock belongs to an open file: it is shown for all its descriptors, in every process.
  const program = ['sh', '-c', 'flock -n 1 && flock -n 2 && echo locked && exec sleep 100'];
  const run = new LoggedRun(t, [toLog, '--interval=0', '--', ...program]);
  await run.logs(/^locked$/);
  for (const number of [1, 2]) {
    t.match(procFile(run.pid, `fdinfo/${String(number)}`), /^lock:.*FLOCK/m);
  }
  await run.stop();
});

t.test('it is appended to, also after it was emptied in place', async (t) => {
  const cwd = workspace(t);
  writeFileSync(join(cwd, 'log'), 'from before\n');
  const { run } = await logged(t, [toLog], { cwd });
  t.match(run.read(), /^from before\nstarting new worker \d+\n$/);
  truncateSync(join(cwd, 'log'));
  await run.stop();
  t.match(run.read(), /^received TERM.*\n.*\nexiting\n$/);
});

t.test('it is made with what the umask leaves of 0666; one that exists keeps its mode', async (t) => {
  for (const [umask, mode] of [
    ['0', 0o666],
    ['022', 0o644],
    ['077', 0o600],
  ] as const) {
    const { run } = await logged(t, [toLog], { under: after(`umask ${umask}`) });
    t.equal(statSync(join(run.directory, 'log')).mode & 0o7777, mode, umask);
    await run.stop();
  }
  const cwd = workspace(t);
  writeFileSync(join(cwd, 'log'), '');
  chmodSync(join(cwd, 'log'), 0o604);
  await (await logged(t, [toLog], { cwd })).run.stop();
  t.equal(statSync(join(cwd, 'log')).mode & 0o7777, 0o604);
});

t.test('it is relative to where the command was started, not to --dir', async (t) => {
  const cwd = workspace(t);
  mkdirSync(join(cwd, 'd'));
  const { run, dump } = await logged(t, [toLog, '--dir=d'], { cwd });
  t.equal(dump.process.cwd, join(cwd, 'd'));
  await run.stop();
  t.same([readdirSync(cwd).sort(), readdirSync(join(cwd, 'd'))], [['d', 'log'], []]);
});

t.test('a link is followed', async (t) => {
  const cwd = workspace(t);
  symlinkSync('target', join(cwd, 'log'));
  const { run } = await logged(t, [toLog], { cwd });
  await run.stop();
  t.match(readFileSync(join(cwd, 'target'), 'latin1'), /^exiting$/m);
});

// For Perl's two-argument open some of these would mean something; its start_server uses the other.
t.test('names are literal', async (t) => {
  const names = [
    '-',
    '>x',
    '>>x',
    '<x',
    '+>x',
    '&1',
    'cat |',
    ' x',
    'x ',
    'x\n',
    'a|b',
    '00',
    '0.0',
    '\u00e9',
    '$HOME',
    '--',
  ];
  for (const name of names) {
    const bytes = Buffer.from(name).toString('latin1');
    const run = new LoggedRun(t, ['--interval=0', '--log-file', name, '--', 'sleep', '100'], { log: name });
    await run.logs(/^starting new worker/);
    t.same(await run.stop(), { code: 0, signal: null });
    t.same(readdirSync(run.directory, 'latin1'), [bytes], name);
  }
});

t.test('a name that is not UTF-8', async (t) => {
  const under = after(`set -- "$1" --log-file=$'l\\377g' "\${@:2}"`);
  const run = new LoggedRun(t, ['--interval=0', '--', 'sleep', '100'], { under });
  await eventually('the file', () => readdirSync(run.directory, 'latin1').length > 0);
  await run.stop();
  t.same(readdirSync(run.directory, 'latin1'), ['l\xffg']);
});

t.test("the values 0 and '' are as if the option were not there", async (t) => {
  for (const value of ['0', '']) {
    const run = new LoggedRun(t, ['--interval=0', '--log-file', value, '--', probe(), '-M', 'said']);
    await run.sees(/^starting new worker/);
    await eventually('the worker', () => run.stdout === 'said\n');
    run.signal('SIGTERM');
    await run.ended();
    t.match(run.stderr, /^exiting$/m);
    t.same(readdirSync(run.directory), []);
  }
});
