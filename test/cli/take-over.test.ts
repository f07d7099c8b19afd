/** Sockets that a living process has: what is taken, what is refused, and that it then serves on as before. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { failures } from '../../src/core/text/failures.js';
import { ownerFaults, ownerFile } from '../../src/core/text/owner-faults.js';
import { eventually } from '../helpers/eventually.js';
import { ask } from '../helpers/load/ask.js';
import { living, place, type Place } from '../helpers/load/take-over-run.js';
import { compiled } from '../helpers/place/compile.js';
import { freePort } from '../helpers/place/ports.js';
import { example, fixture } from '../helpers/place/samples.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { childrenOf } from '../helpers/processes/children-of.js';
import { failing } from '../helpers/running/first-worker.js';
import { isAlive, Run } from '../helpers/running/starter.js';

const worker = ['--', process.execPath, example('http-worker.js')];
const hasEnded = /^process \d+ \("[^"]+"\), which had the sockets before, has ended$/;

const perl = (where: string | number, ...how: string[]) => ['perl', fixture('listening.pl'), String(where), ...how];
const portOf = ({ port }: Place) => `--port=127.0.0.1:${String(port)}`;
const asNobody = ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups'];
const withoutRoot = process.getuid?.() !== 0 && 'only root can be somebody else';

/** It answers, and nothing of a start that was refused is left beside its path. */
async function servesOn(t: Test, pid: number, at: Place): Promise<void> {
  t.match(await ask.http(existsSync(at.path) ? at.path : at.port), /^generation 0, /);
  t.ok(isAlive(pid));
  t.same(
    readdirSync(at.cwd).filter((name) => name.startsWith('.')),
    [],
    'no second name of a path',
  );
}

for (const how of ['many', 'twice', 'shared']) {
  t.test(`from a process of the kind "${how}"`, async (t) => {
    const at = await place(t);
    const { pid } = await living(['prlimit', '--nofile=20000', ...perl(at.port, how)], at);
    const children = childrenOf(pid);
    const run = new Run(t, [`--take-over=${String(pid)}`, portOf(at), '--interval=0', ...worker], { cwd: at.cwd });
    await run.sees(hasEnded);
    t.equal(
      /^warning: 2 sockets share the address of "127.0.0.1:\d+" \(SO_REUSEPORT\)/m.test(run.stderr),
      how === 'shared',
    );
    // Until then it answers, too, or has a socket of its own at the address, whose clients it cuts off.
    await eventually('the end of its children', () => !children.some(isAlive));
    t.match(await ask.http(at.port), /^generation 1, /);
    t.same(await run.stop(), { code: 0, signal: null });
  });
}

t.test('what it does not have is opened, and a line says so', async (t) => {
  const at = await place(t);
  const { pid } = await living(perl(at.path), at, [at.path]);
  const run = new Run(t, [`--take-over=${String(pid)}`, portOf(at), `--path=s`, '--interval=0', ...worker], {
    cwd: at.cwd,
  });
  await run.sees(hasEnded);
  t.match(run.stderr, `taking over from process ${String(pid)} ("perl"): "s"\n`);
  t.match(run.stderr, `process ${String(pid)} does not have "127.0.0.1:${String(at.port)}", opened anew\n`);
  for (const address of [at.port, at.path]) t.match(await ask.http(address), /^generation 1, /);
  t.same(await run.stop(), { code: 0, signal: null });
  t.same([existsSync(at.path), readdirSync(at.cwd)], [false, []], 'the path went with it');
});

t.test('a descriptor that was asked for is told as where a socket is opened, whatever its kind', async (t) => {
  for (const kind of ['port', 'path'] as const) {
    const at = await place(t);
    const { pid } = await living(perl(at[kind]), at, [at[kind]]);
    const asked = kind === 'path' ? '--path=s=19' : `${portOf(at)}=19`;
    const run = new Run(t, [`--take-over=${String(pid)}`, asked, '--interval=0', ...worker], { cwd: at.cwd });
    await run.sees(hasEnded);
    t.match(run.stderr, /^socket is duplicated to file descriptor 19$/m, kind);
    t.match(await ask.http(at[kind]), /^generation 1, /);
    t.same(await run.stop(), { code: 0, signal: null });
  }
});

t.test('another command line is for afterwards, and need not tell of it', async (t) => {
  const at = await place(t);
  const { pid } = await living(perl(at.port), at);
  const words = [portOf(at), '--control=c', '--interval=0', ...worker];
  const taking = [`--take-over=${String(pid)}`, '--take-over-signal=CONT', ...words];
  const run = new Run(t, taking, { cwd: at.cwd });
  await run.sees(/^new worker is now running, sending CONT to process/);
  const busy = /sockets are still being taken over from another process; try again/;
  t.match(await failing(t, ['--reconfigure', ...words], { cwd: at.cwd }), { code: 1, stderr: busy });
  process.kill(pid, 'SIGKILL');
  await run.sees(hasEnded);
  t.match(await failing(t, ['--reconfigure', ...words], { cwd: at.cwd }), { code: 0 });
  const others = ['--take-over=1', ...words];
  t.match(await failing(t, ['--reconfigure', ...others], { cwd: at.cwd }), {
    code: 1,
    stderr: '--take-over cannot change while start_server runs; leave --take-over out',
  });
  t.same(await run.stop(), { code: 0, signal: null });
});

t.test('in the background, with a log file', async (t) => {
  const at = await place(t);
  const { pid } = await living(perl(at.port), at);
  const files = ['--pid-file=pid', '--log-file=log', '--control=c'];
  const words = [`--take-over=${String(pid)}`, '--daemonize', ...files, portOf(at), '--interval=0', ...worker];
  t.match(await failing(t, words, { cwd: at.cwd }), { code: 0 });
  await eventually('its end', () => hasEnded.test(readFileSync(`${at.cwd}/log`, 'latin1').split('\n').at(-2) ?? ''));
  t.match(await failing(t, ['--stop', '--control=c'], { cwd: at.cwd }), { code: 0 });
});

t.test('pid file, status file and control socket of the one before are ours when it has ended', async (t) => {
  const at = await place(t);
  const words = ['--pid-file=pid', '--status-file=st', '--control=c', portOf(at), '--interval=0', ...worker];
  const old = new Run(t, words, { cwd: at.cwd });
  await eventually('its status file', () => existsSync(`${at.cwd}/st`));
  const run = new Run(t, ['--take-over=pid', ...words], { cwd: at.cwd });
  await run.sees(hasEnded);
  t.same(await old.ended(), { code: 0, signal: null });
  const pid = () => existsSync(`${at.cwd}/pid`) && readFileSync(`${at.cwd}/pid`, 'latin1') === `${String(run.pid)}\n`;
  await eventually('its pid file', pid);
  t.equal(readFileSync(`${at.cwd}/st`, 'latin1'), `1:${String(run.workers[0])}\n`);
  await eventually(
    'its control socket',
    async () => (await failing(t, ['--restart', '--control=c'], { cwd: at.cwd })).code === 0,
  );
  t.equal(run.workers.length, 2);
  t.same(await run.stop(), { code: 0, signal: null });
  t.same(readdirSync(at.cwd), []);
});

t.test('accept(2) waits again when the old one is gone, unless the new one polls', async (t) => {
  for (const [program, isBlocking] of [
    [['perl', fixture('titled.pl')], true],
    [[process.execPath, example('http-worker.js')], false],
  ] as const) {
    const at = await place(t);
    const { pid } = await living([process.execPath, fixture('bare-server.js'), String(at.port)], at);
    const words = [`--take-over=${String(pid)}`, `--port=${String(at.port)}`, '--interval=1', '--', ...program];
    const run = new Run(t, words, { cwd: at.cwd });
    await run.sees(hasEnded);
    const [socket] = descriptorsOf(run.workers[0] ?? NaN).filter((one) => one.startsWith('3 socket'));
    t.ok(socket);
    const flags = () => /^flags:\t(\d+)$/m.exec(procFile(run.workers[0], 'fdinfo/3'))?.[1];
    await eventually('the flag', () => ((parseInt(flags() ?? '', 8) & 0o4000) === 0) === isBlocking);
    await eventually('an answer', async () => (await ask.http(at.port)).startsWith('generation 1,'));
    t.same(await run.stop(), { code: 0, signal: null });
  }
});

t.test('it ends before our worker is accepted', async (t) => {
  const at = await place(t);
  const old = await living(perl(at.path), at, [at.path]);
  const run = new Run(t, [`--take-over=${String(old.pid)}`, '--path=s', '--interval=30', ...worker], { cwd: at.cwd });
  await run.sees(/^starting new worker/);
  old.kill('SIGTERM');
  await run.sees(hasEnded);
  t.match(await ask.http(at.path), /^generation 1, /, 'its path is there again');
  t.same(await run.stop(), { code: 0, signal: null });
  t.same(readdirSync(at.cwd), [], 'and went with us');
});

t.test('refused', async (t) => {
  const at = await place(t);
  const { pid } = await living(perl(at.path, 'twice'), at, [at.path]);
  const child = Number(procFile(pid, `task/${String(pid)}/children`));
  const refuse = (errno: number) => [compiled('refuse', ['refuse.c']), 'pidfd_getfd', String(errno)];
  const other = String(await freePort());
  const table: [
    string,
    string[],
    { pid?: number; under?: string[]; code?: number },
    Parameters<typeof failures.cannotTakeOver>[1],
  ][] = [
    ['not a socket of its', [`--port=127.0.0.1:${other}`], {}, ownerFaults.hasNone([`127.0.0.1:${other}`])],
    ['process 1', ['--path=s'], { pid: 1 }, ownerFaults.first()],
    ['what it has forked', ['--path=s'], { pid: child }, ownerFaults.below(pid, 'perl')],
    ['the system', ['--path=s'], { under: refuse(1) }, ownerFaults.denied('Operation not permitted')],
    ['an old kernel', ['--path=s'], { under: refuse(38), code: 38 }, ownerFaults.denied('Function not implemented')],
    ['no descriptor left', ['--path=s'], { under: refuse(24), code: 24 }, ownerFaults.denied('Too many open files')],
  ];
  for (const [what, sockets, { pid: of = pid, under = [], code = 1 }, fault] of table) {
    const ended = await failing(t, [`--take-over=${String(of)}`, ...sockets, ...worker], { cwd: at.cwd, under });
    t.equal(ended.stderr, `start_server (pid:S) starting now...\n${failures.cannotTakeOver(of, fault)}\n`, what);
    t.equal(ended.code, code, what);
    await servesOn(t, pid, at);
  }
});

t.test('refused to a plain user: what is of root, or hides itself', { skip: withoutRoot }, async (t) => {
  for (const [how, under] of [
    [[], []],
    [['hidden'], asNobody],
  ] as const) {
    const at = await place(t);
    const { pid } = await living([...under, ...perl(at.port, ...how)], at);
    const ended = await failing(t, [`--take-over=${String(pid)}`, portOf(at), ...worker], { under: asNobody });
    t.match(ended, { code: 13, stderr: failures.cannotTakeOver(pid, ownerFaults.denied('Permission denied')) });
    await servesOn(t, pid, at);
  }
});

for (const [what, options, end] of [
  ['our worker does not start', ['--max-failures=1', '--interval=1', '--', 'false'], { code: 69 }],
  ['we are told to stop before', ['--interval=99', ...worker], { code: 0 }],
] as const) {
  t.test(`it serves on, its path too, when ${what}`, async (t) => {
    const at = await place(t);
    const { pid } = await living(perl(at.path), at, [at.path]);
    const run = new Run(t, [`--take-over=${String(pid)}`, '--path=s', ...options], { cwd: at.cwd });
    await run.sees(/^starting new worker/);
    if (end.code === 0) run.signal('SIGTERM');
    t.match(await run.ended(), end);
    await servesOn(t, pid, at);
  });
}

t.test('two at once: the second leaves it to the first', async (t) => {
  const at = await place(t);
  const { pid } = await living(perl(at.port), at);
  const words = [`--take-over=${String(pid)}`, portOf(at), '--interval=99', ...worker];
  const first = new Run(t, words, { cwd: at.cwd });
  await first.sees(/^starting new worker/);
  const second = await failing(t, words, { cwd: at.cwd });
  t.match(second, { code: 1, stderr: failures.cannotTakeOver(pid, ownerFaults.underWay()) });
  t.same(await first.stop(), { code: 0, signal: null });
  await servesOn(t, pid, at);
});

t.test('a pid file that nobody holds is not believed', async (t) => {
  const at = await place(t);
  const taking = ['--take-over=pid', portOf(at), ...worker];
  const none = await failing(t, taking, { cwd: at.cwd });
  const noFile = 'No such file or directory';
  t.equal(none.stderr, `start_server (pid:S) starting now...\n${ownerFile.cannotOpen('pid', noFile, 'ENOENT')}\n`);
  t.same(readdirSync(at.cwd), []);
  writeFileSync(join(at.cwd, 'pid'), '4711\n');
  const free = await failing(t, taking, { cwd: at.cwd });
  t.equal(free.stderr, `start_server (pid:S) starting now...\n${ownerFile.notRunning('pid', '4711')}\n`);
  t.same([none.code, free.code], [1, 1]);
  t.same(readdirSync(at.cwd), ['pid'], 'it may be that of a server which locks none');
});
