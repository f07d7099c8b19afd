/** --reconfigure: another command line, and what of the one before goes on. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/place/ports.js';
import { parseDump, type ProbeDump } from '../helpers/processes/probe.js';
import { commanding, controlled } from '../helpers/running/control-socket.js';
import { saidBy } from '../helpers/running/control.js';
import { reconfiguring, statusOf, type Wanted } from '../helpers/running/reconfiguring.js';
import type { StatusRun } from '../helpers/running/status-run.js';

const nothing = { code: 0, stderr: '' };

/** What the worker of this generation has found at its start. */
async function dump({ directory, stderr }: StatusRun, generation: number): Promise<ProbeDump> {
  const file = join(directory, `dump${String(generation)}`);
  return eventually('the dump', () => existsSync(file) && parseDump(readFileSync(file, 'latin1')), {
    seen: () => stderr,
  });
}

/** A superdaemon whose workers write dumps. */
const dumping = ['-o', 'dump%g'];

async function reconfigured(t: Test, run: StatusRun, words: readonly string[], wanted: Wanted): Promise<void> {
  t.same(await saidBy(reconfiguring(t, run, words, wanted)), nothing);
}

/** The numbers that workers of a generation have for their sockets, and which sockets these are. */
async function sockets(run: StatusRun, generation: number): Promise<Map<string, string>> {
  const { environ, fds } = await dump(run, generation);
  const [, told = ''] = /^SERVER_STARTER_PORT=(.*)$/m.exec(environ.join('\n')) ?? [];
  const pairs = told.split(';').map((pair) => pair.split('=') as [string, string]);
  return new Map(pairs.map(([name, number]) => [name, `${number} ${fds.get(Number(number))?.target ?? 'none'}`]));
}

t.test(
  'a socket that both have is kept, a new one is bound, one that is gone is closed after the old workers',
  async (t) => {
    const [kept, added, gone] = [await freePort(), await freePort(), await freePort()].map(
      (port) => `127.0.0.1:${String(port)}`,
    );
    const options = [`--port=${String(gone)}`, `--port=${String(kept)}`, '--path=old', '--path=same'];
    const run = await controlled(t, [...dumping, '-l', '300'], { options });
    const before = await sockets(run, 1);
    const others = [`--port=${String(kept)}=9`, `--port=${String(added)}`, '--path=./same', '--path=new'];
    await reconfigured(t, run, dumping, { options: others });

    const after = await sockets(run, 2);
    t.same([...after.keys()], [kept, added, './same', 'new']);
    t.equal(
      after.get(String(kept)),
      before.get(String(kept))?.replace(/^\d+/, '9'),
      'the very socket, as another number',
    );
    t.equal(after.get('./same')?.split(' ')[1], before.get('same')?.split(' ')[1]);
    t.notOk(existsSync(join(run.directory, 'old')), 'the path is gone');
    t.ok(existsSync(join(run.directory, 'new')));
    t.same(
      (await statusOf(t, run)).listeners?.map(({ name }) => name),
      [kept, added, './same', 'new'],
    );
    t.match(run.story, /old worker W1 died[^]*sockets closed: .*old/, 'after the old worker');
    await run.stop();
    t.notOk(existsSync(join(run.directory, 'same')));
    t.notOk(existsSync(join(run.directory, 'new')));
  },
);

t.test('--show-status has what is tried, and what is closed after the old workers', async (t) => {
  const run = await controlled(t, ['-l', '60000'], { options: ['--path=old'] });
  const show = async () => {
    const shown = commanding(t, ['--show-status'], run.directory);
    await shown.ended();
    return shown.stdout;
  };
  const first = reconfiguring(t, run, ['next'], { options: ['--interval=60'] });
  await run.sees(/^starting new worker/, 2);
  t.match(await show(), /^on trial: start_server --interval=60 .* next$/m);
  first.signal('SIGKILL');
  await run.sees(/^the new command line is dropped/);
  const change = reconfiguring(t, run, []);
  await run.sees(/^killing old workers/);
  t.match(await show(), /^closed after the old workers: old$/m);
  t.notMatch(await show(), /on trial/);
  run.kill(1);
  t.same(await saidBy(change), nothing);
  t.notMatch(await show(), /closed after/);
  await run.stop();
});

t.test('a socket that is asked for again before the old workers have ended is the same one', async (t) => {
  const run = await controlled(t, [...dumping, '-l', '5000'], { options: ['--path=s'] });
  const first = reconfiguring(t, run, dumping, { options: ['--path=other'] });
  await run.sees(/^killing old workers/);
  const second = reconfiguring(t, run, dumping, { options: ['--path=s'] });
  await run.sees(/^killing old workers/, 2);
  t.equal((await sockets(run, 3)).get('s')?.split(' ')[1], (await sockets(run, 1)).get('s')?.split(' ')[1]);
  process.kill(run.workers[0] ?? NaN, 'SIGKILL');
  for (const each of [first, second]) t.same(await saidBy(each), nothing);
  t.ok(existsSync(join(run.directory, 's')));
  await run.stop();
});

t.test('program, directory, envdir and settings count from the new worker on, and for those after it', async (t) => {
  const run = await controlled(t, [...dumping, '-e', 'events', '-q', 'USR1,TERM'], {
    options: ['--signal-on-hup=USR1'],
  });
  for (const name of ['env', 'sub']) mkdirSync(join(run.directory, name));
  writeFileSync(join(run.directory, 'env/COLOUR'), 'red\n');
  const words = ['-o', join(run.directory, 'dump%g'), 'more'];
  await reconfigured(t, run, words, { options: ['--dir=sub', '--envdir=env', '--backlog=7', '--signal-on-hup=QUIT'] });
  t.match(
    readFileSync(join(run.directory, 'events'), 'latin1'),
    /gen=1 SIG USR1/,
    'each worker has the signal of its own',
  );
  t.same(await saidBy(commanding(t, ['--restart'], run.directory)), nothing);
  for (const generation of [2, 3]) {
    const { argv, process: its, environ } = await dump(run, generation);
    t.equal(argv.at(-1), 'more');
    t.equal(its.cwd, join(run.directory, 'sub'));
    t.ok(environ.includes('COLOUR=red'));
  }
  t.match(run.story, /sending USR1 to old workers:W1[^]*sending QUIT to old workers:W2/);
  await run.stop();
});

t.test('the backlog of a socket is set anew', async (t) => {
  const port = `--port=127.0.0.1:${String(await freePort())}`;
  const run = await controlled(t, dumping, { options: [port, '--backlog=11'] });
  await reconfigured(t, run, dumping, { options: [port, '--backlog=22'] });
  t.same(await saidBy(commanding(t, ['--restart'], run.directory)), nothing);
  const backlog = async (generation: number) => (await dump(run, generation)).fds.get(3)?.options['backlog'];
  t.same([await backlog(1), await backlog(3)], [11, 22]);
  await run.stop();
});

t.test('the way to tell readiness may change', async (t) => {
  const run = await controlled(t);
  const ready = (fd: string) => ['sh', '-c', `echo >&$${fd}; exec sleep 99`];
  const program = ready('SERVER_STARTER_READY_FD');
  for (const how of ['fd', 'notify'])
    await reconfigured(t, run, [], { options: [`--ready=${how}`, '--start-timeout=60'], program });
  await reconfigured(t, run, [], {});
  t.match(run.story, /new worker W2 is ready[^]*new worker W3 is ready/);
  await run.stop();
});

t.test('log and status file may change', async (t) => {
  const run = await controlled(t, ['-m', 'hello']);
  const files = (name: string) => ['--log-file', `log${name}`, '--status-file', `st${name}`];
  for (const name of ['1', '2']) await reconfigured(t, run, ['-m', `from ${name}`], { options: files(name) });
  const read = (name: string) => readFileSync(join(run.directory, name), 'latin1');
  t.match(read('log1'), /from 1[^]*the new command line is in force/);
  t.notMatch(read('log1'), /from 2/);
  t.match(read('log2'), /from 2[^]*old worker \d+ died/);
  t.match(read('st2'), /^3:\d+\n$/);
  for (const name of ['st', 'st1']) t.notOk(existsSync(join(run.directory, name)), `${name} is removed`);
  run.signal('SIGTERM');
  await run.ended();
});

t.test('a logger stays until the last worker that writes to it has ended, and nobody misses it then', async (t) => {
  const run = await controlled(t, []);
  await reconfigured(t, run, ['-m', 'hello'], { options: ['--log-file=| cat >first'] });
  const read = (name: string) => readFileSync(join(run.directory, name), 'latin1');
  await eventually('the log', () => /hello[^]*old worker \d+ died/.test(read('first')), { seen: () => read('first') });
  await reconfigured(t, run, ['-m', 'more'], { options: ['--log-file=second'] });
  t.match(read('second'), /more[^]*old worker \d+ died/);
  t.same(await saidBy(commanding(t, ['--restart'], run.directory)), nothing);
  t.notMatch(read('second'), /logger/, 'it ended as it should');
  t.same(await saidBy(commanding(t, ['--stop'], run.directory)).then(({ code }) => code), 0);
});

t.test('--check says what would change, and changes nothing', async (t) => {
  const run = await controlled(t, [], { options: ['--path=a', '--path=b'] });
  const check = reconfiguring(t, run, ['x'], { how: ['--check'], options: ['--path=b', '--path=n', '--backlog=5'] });
  t.same(await check.ended(), { code: 0, signal: null });
  t.same(
    check.stdout
      .replace(/ +/g, ' ')
      .replace(/^the program: .*$/m, 'the program')
      .split('\n'),
    ['SOCKET KIND IS', 'b unix kept', 'n unix added', 'a unix closed', '--backlog: not given -> 5', 'the program', ''],
  );
  t.equal(run.workers.length, 1);
  t.notOk(existsSync(join(run.directory, 'n')));
  await run.stop();
});

t.test('--show-status has the command line in force', async (t) => {
  const run = await controlled(t);
  await reconfigured(t, run, ["it's"], { options: ['--backlog=5'] });
  const show = commanding(t, ['--show-status'], run.directory);
  t.equal((await show.ended()).code, 0);
  t.match(show.stdout, /^command line: start_server --backlog=5 --interval=0 .* -- \S*probe\S* 'it'\\''s'$/m);
  await run.stop();
});
