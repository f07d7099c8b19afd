/** Whatever --reconfigure ends with but 0, everything is as it was: sockets, files, the command line and the worker. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/place/ports.js';
import { room } from '../helpers/place/room.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { commanding, controlled, Talk } from '../helpers/running/control-socket.js';
import { saidBy } from '../helpers/running/control.js';
import { common, reconfiguring, standing, type Wanted } from '../helpers/running/reconfiguring.js';
import { isAlive, Run, type RunOptions } from '../helpers/running/starter.js';
import type { StatusRun } from '../helpers/running/status-run.js';

/** With a socket of each kind, and one of them to be kept. */
async function standingRun(t: Test, how: RunOptions = {}): Promise<StatusRun> {
  return controlled(t, [], { options: ['--port=127.0.0.1:0', '--path=s'], ...how });
}

/** Ends, says what is expected, and changes nothing, neither while it lasts nor after it. */
async function changesNothing(t: Test, run: StatusRun, code: number, line: RegExp, change: () => Promise<Run> | Run) {
  const before = await standing(t, run);
  t.ok(before.listening.length >= 2, 'its sockets are seen');
  const said = await saidBy(await change());
  t.match(said, { code, stderr: line });
  t.same(await standing(t, run), before);
  t.ok(isAlive(run.workers[0] ?? NaN), 'the worker serves on');
}

const kept = ['--port=127.0.0.1:0', '--path=s'];

interface Case {
  readonly code: number;
  readonly line: RegExp;
  readonly words?: readonly string[];
  readonly wanted: Wanted;
}

const cases: Readonly<Record<string, Case>> = {
  'a program that fails': {
    code: 75,
    line: /^the new command line has failed: generation 2, pid \d+, exit code 3 \(wait status 768\); .* its worker serves/,
    words: ['-d', '100', '-x', '3'],
    wanted: { options: [...kept, '--path=n'] },
  },
  'a program that is not there': {
    code: 75,
    line: /^the new command line has failed: /,
    wanted: { options: kept, program: ['./no-such-program'] },
  },
  'one that is not ready in time': {
    code: 75,
    line: /^the new command line has failed: /,
    wanted: { options: [...kept, '--path=n', '--ready=fd', '--start-timeout=1'] },
  },
  'one that is not ready before --timeout': {
    code: 124,
    line: /^no worker of the new command line has taken over within 1 secs/,
    wanted: { options: [...kept, '--path=n', '--ready=notify'], how: ['--timeout=1'] },
  },
  'another pid file': {
    code: 1,
    line: /^--pid-file cannot change while start_server runs; give --pid-file=pid /,
    wanted: { options: ['--pid-file=other'] },
  },
  'a daemon': {
    code: 1,
    line: /^--daemonize cannot change while start_server runs; leave --daemonize out/,
    wanted: { options: ['--daemonize', '--log-file=n'] },
  },
  'an option that there is not': { code: 1, line: /^Unknown option: prot/, wanted: { options: ['--prot=80'] } },
  'no program': { code: 255, line: /^server program not specified/, wanted: { program: [] } },
  'a value that makes no sense': {
    code: 1,
    line: /^--interval: "-1" is too low/,
    wanted: { options: ['--interval=-1'] },
  },
  'a port that is none': { code: 255, line: /^invalid ``port'' value:x/, wanted: { options: ['--port=x'] } },
  'a path twice': { code: 255, line: /^path "s" is given twice/, wanted: { options: ['--path=s', '--path=s'] } },
  'a directory that is not there': {
    code: 2,
    line: /^failed to listen to file no\/s:/,
    wanted: { options: ['--path=no/s'] },
  },
  'a log that cannot be opened': {
    code: 21,
    line: /^failed to open log file:\./,
    wanted: { options: ['--log-file=.'] },
  },
  'a status file that cannot be written': {
    code: 2,
    line: /^failed to create temporary file:no\/st/,
    wanted: { options: ['--status-file=no/st'] },
  },
};

for (const [name, { code, line, words = [], wanted }] of Object.entries(cases)) {
  t.test(`${name} changes nothing`, async (t) => {
    const run = await standingRun(t);
    await changesNothing(t, run, code, line, () => reconfiguring(t, run, words, wanted));
    await run.stop();
  });
}

t.test('a socket that cannot be bound, the third of five, changes nothing', async (t) => {
  const run = await standingRun(t);
  const other = await standingRun(t);
  const taken = join(other.directory, 's');
  const paths = ['a', 'b', taken, 'd', 'e'].map((path) => `--path=${path}`);
  await changesNothing(t, run, 98, /accepts connections there; stop it first/, () =>
    reconfiguring(t, run, [], { options: [...kept, ...paths] }),
  );
  await run.stop();
  await other.stop();
});

t.test('an address that an old socket has until the new worker serves is told, and changes nothing', async (t) => {
  const port = await freePort();
  const run = await controlled(t, [], { options: [`--port=127.0.0.1:${String(port)}`] });
  const line =
    /^failed to bind to \d+:Address already in use; --port=127\.0\.0\.1:\d+ of the command line in force has it/;
  await changesNothing(t, run, 98, line, () => reconfiguring(t, run, [], { options: [`--port=${String(port)}`] }));
  await run.stop();
});

t.test('too many open files change nothing', async (t) => {
  const run = await standingRun(t);
  const soft = execFileSync('ls', [`/proc/${String(run.pid)}/fd`], { encoding: 'utf8' }).split('\n').length + 8;
  execFileSync('prlimit', [`--pid=${String(run.pid)}`, `--nofile=${String(soft)}:`]);
  const paths = Array.from({ length: 30 }, (_, index) => `--path=n${String(index)}`);
  await changesNothing(t, run, 24, /Too many open files/, () =>
    reconfiguring(t, run, [], { options: [...kept, ...paths] }),
  );
  await run.stop();
});

t.test('an envdir that there is no descriptor for changes nothing', async (t) => {
  const run = await standingRun(t);
  mkdirSync(join(run.directory, 'env'));
  const used = new Set(descriptorsOf(run.pid).map((line) => Number.parseInt(line)));
  // One more, for the client.
  let limit = 0;
  for (let free = 0; free < 1; limit += 1) if (!used.has(limit)) free += 1;
  execFileSync('prlimit', [`--pid=${String(run.pid)}`, `--nofile=${String(limit)}:`]);
  await changesNothing(t, run, 24, /^failed to open what the new command line needs: Too many open files; /, () =>
    reconfiguring(t, run, [], { options: [...kept, '--envdir=env'] }),
  );
  await run.stop();
});

t.test('relative paths of a caller elsewhere are refused, and whole ones are not', async (t) => {
  const run = await standingRun(t);
  const cwd = room(t);
  const control = `--control=${join(run.directory, 'c')}`;
  const line = /^--path: "s" is a relative path, and start_server runs in another directory, "/;
  await changesNothing(
    t,
    run,
    1,
    line,
    () => new Run(t, ['--reconfigure', control, '--path=s', 'sleep', '99'], { cwd }),
  );
  const files = ['st', 'pid', 's'].map((name) => join(run.directory, name));
  const options = ['--status-file', '--pid-file', '--path'].map((option, index) => `${option}=${String(files[index])}`);
  const command = new Run(t, ['--reconfigure', control, ...options, 'sleep', '99'], { cwd });
  t.same(await saidBy(command), { code: 0, stderr: '' });
  await run.stop();
});

t.test(
  'a caller that goes away takes its command line along, whether it is tried or serves beside the old one',
  async (t) => {
    const run = await standingRun(t);
    const before = await standing(t, run);
    const stages: readonly (readonly [options: readonly string[], until: RegExp])[] = [
      [['--interval=60'], /^starting new worker/],
      [['--kill-old-delay=60'], /^sleeping 60 secs/],
    ];
    for (const [index, [options, until]] of stages.entries()) {
      const change = reconfiguring(t, run, [], { options: [...kept, '--path=n', ...options] });
      await run.sees(until, until.source.includes('starting') ? index + 2 : 1);
      change.signal('SIGKILL');
      await run.sees(/^the new command line is dropped/, index + 1);
      await eventually('the end of its worker', () => !isAlive(run.workers[index + 1] ?? NaN));
      await run.sees(/worker \d+ (?:died|seems)/, index + 1);
      t.same(await standing(t, run), before);
    }
    await run.stop();
  },
);

t.test('one that is suspended is told by --timeout', async (t) => {
  const run = await standingRun(t);
  run.signal('SIGSTOP');
  const said = await saidBy(reconfiguring(t, run, [], { options: kept, how: ['--timeout=1'] }));
  t.match(said, { code: 124, stderr: /^the server process has not answered within 1 secs; / });
  run.signal('SIGCONT');
  await run.stop();
});

t.test('a second one is refused while the first is tried', async (t) => {
  const run = await standingRun(t);
  const first = reconfiguring(t, run, [], { options: [...kept, '--interval=60'] });
  await run.sees(/^starting new worker/, 2);
  const second = await saidBy(reconfiguring(t, run, [], { options: kept }));
  t.match(second, { code: 1, stderr: /^another reconfiguration is under way; wait / });
  first.signal('SIGKILL');
  await run.sees(/^the new command line is dropped/);
  t.same(await saidBy(reconfiguring(t, run, [], { options: kept })), { code: 0, stderr: '' });
  await run.stop();
});

t.test('a stop meanwhile is told, and removes what is new as well', async (t) => {
  const run = await standingRun(t);
  const change = reconfiguring(t, run, [], { options: [...kept, '--path=n', '--interval=60'] });
  await run.sees(/^starting new worker/, 2);
  t.same(await run.stop(), { code: 0, signal: null });
  t.match(await saidBy(change), { code: 1, stderr: /^start_server is about to end/ });
  t.notOk(execFileSync('ls', [run.directory], { encoding: 'utf8' }).split('\n').includes('n'));
});

t.test('a worker that dies while another command line is tried is replaced by its own', async (t) => {
  const run = await controlled(t, ['old'], { options: kept });
  const change = reconfiguring(t, run, ['new', '-f', 'broken', '-d', '1500'], { options: [...kept, '--interval=60'] });
  await run.sees(/^starting new worker/, 2);
  run.kill(1);
  t.match(await saidBy(change), { code: 75 });
  await run.sees(/^starting new worker/, 3);
  t.match(execFileSync('cat', [`/proc/${String(run.workers[2])}/cmdline`], { encoding: 'utf8' }), /\0old/);
  await run.stop();
});

t.test('one that dies after it was accepted, while old ones linger, is replaced by the new command line', async (t) => {
  const run = await controlled(t, ['-i', 'TERM', '-q', 'QUIT'], { options: kept });
  const change = reconfiguring(t, run, ['new'], { options: kept });
  await run.sees(/^killing old workers/);
  run.kill(2);
  await run.sees(/^starting new worker/, 3);
  run.kill(1);
  t.match(await saidBy(change), {
    code: 0,
    stderr: /^a new worker has failed to start: generation 2, .*another one is tried\n$/,
  });
  t.match(execFileSync('cat', [`/proc/${String(run.workers[2])}/cmdline`], { encoding: 'utf8' }), /\0new/);
  t.match((await standing(t, run)).workers, [{ generation: 3, is: 'current' }]);
  await run.stop();
});

t.test('old workers that do not end are told, and the new command line is in force', async (t) => {
  const run = await controlled(t, ['-i', 'TERM', '-q', 'QUIT'], { options: ['--path=old'] });
  const change = reconfiguring(t, run, [], { how: ['--timeout=3'], options: ['--path=new'] });
  t.match(await saidBy(change), {
    code: 124,
    stderr: /^the new command line is in force, but workers of the one before /,
  });
  t.match(await standing(t, run), { listeners: [{ name: 'new' }], files: ['c', 'new', 'old', 'pid', 'st'] });
  run.kill(1);
  await run.sees(/sockets closed: old/);
  t.match(await standing(t, run), { files: ['c', 'new', 'pid', 'st'] });
  await run.stop();
});

t.test('a restart that is asked for meanwhile is answered, by the command line that is in force then', async (t) => {
  const run = await standingRun(t);
  const change = reconfiguring(t, run, ['new'], { options: kept });
  await run.sees(/^starting new worker/, 2);
  const restart = commanding(t, ['--restart'], run.directory);
  for (const each of [change, restart]) t.same(await saidBy(each), { code: 0, stderr: '' });
  t.match(execFileSync('cat', [`/proc/${String(run.workers.at(-1))}/cmdline`], { encoding: 'utf8' }), /\0new/);
  await run.stop();
});

t.test('a program that does not start is repaired without a stop', async (t) => {
  const cwd = room(t);
  writeFileSync(join(cwd, 'broken'), '');
  const run = new Run(t, [...common, '--path=s', '--interval=60', '--', 'sh', '-c', 'exit 3'], { cwd });
  await run.sees(/seems to have failed to start/);
  const change = new Run(t, ['--reconfigure', ...common, '--path=s', '--', 'sleep', '99'], { cwd });
  t.same(await saidBy(change), { code: 0, stderr: '' });
  await run.stop();
});

t.test('a long command line has room, and no other request has', async (t) => {
  const run = await standingRun(t);
  const long = 'x'.repeat(100_000);
  t.same(await saidBy(reconfiguring(t, run, [long, long], { options: kept })), { code: 0, stderr: '' });
  t.equal((await standing(t, run)).command?.at(-1), long);
  const [answer] = await new Talk(t, run.directory, `{"command":"status","x":"${long}"}\n`).all();
  t.match(answer, { ok: false, code: 'bad request', error: /^a request has 4096 bytes at most/ });
  await run.stop();
});

t.test('bytes that are no text arrive as they are', async (t) => {
  const run = await standingRun(t);
  const under = ['sh', '-c', 'exec "$@" "$(printf "\\351")"', 'sh'];
  t.same(await saidBy(reconfiguring(t, run, [], { options: kept, under })), { code: 0, stderr: '' });
  t.match(execFileSync('cat', [`/proc/${String(run.workers[1])}/cmdline`], { encoding: 'latin1' }), /\0\xe9\0$/);
  await run.stop();
});
