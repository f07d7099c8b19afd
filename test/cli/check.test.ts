/** --check of a start that nothing is in the way of, or several things are: all is told, and nothing is touched. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { freePort, isFree } from '../helpers/place/ports.js';
import { processesBelow, room } from '../helpers/place/room.js';
import { probe } from '../helpers/processes/probe.js';
import { withoutStrace, wholeCalls } from '../helpers/processes/strace.js';
import { checked, snapshot } from '../helpers/running/checking.js';
import { statusOf } from '../helpers/running/reconfiguring.js';
import { controlled } from '../helpers/running/control-socket.js';
import { isAlive, Run } from '../helpers/running/starter.js';
import { isAsleep } from '../helpers/running/upgrades.js';

const files = ['--pid-file=pid', '--status-file=st', '--control=c', '--log-file=log'];

t.test('a start that would succeed is told in one line, and leaves nothing', async (t) => {
  const cwd = room(t);
  const port = String(await freePort());
  mkdirSync(join(cwd, 'env'));
  for (const more of [[], ['--daemonize'], ['--ready=notify', '--hibernate=0'], ['--envdir=env', '--dir=env']]) {
    const words = [...files, `--port=${port}`, '--path=s', ...more, '--', probe(), "it's"];
    const before = snapshot(cwd);
    t.same(await checked(t, words, { cwd }), {
      code: 0,
      stdout: `nothing is in the way of this start, which listens on ${port} (tcp), s (unix) and runs ${probe()} 'it'\\''s'\n`,
      faults: [],
      warnings: [],
    });
    t.same(snapshot(cwd), before);
    t.same(processesBelow(cwd), []);
    t.ok(await isFree(Number(port)));
  }
});

t.test('files of a start before are neither emptied nor removed', async (t) => {
  const cwd = room(t);
  for (const name of ['pid', 'st', 'log']) writeFileSync(join(cwd, name), '999999999\n');
  const before = snapshot(cwd);
  const { code } = await checked(t, [...files, '--', probe()], { cwd });
  t.equal(code, 0);
  t.same(snapshot(cwd), before);
});

t.test('everything that is wrong is told, in the order of a start, and the first has the exit code', async (t) => {
  const cwd = room(t);
  const words = ['--log-file=no/log', '--pid-file=no/pid', '--control=no/c', '--path=no/s', '--port=:80', '--dir=no'];
  const { code, faults } = await checked(t, [...words, '--', 'no-such-program'], { cwd });
  t.equal(code, 2);
  t.match(faults, [
    /^failed to open log file:no\/log: /,
    /^failed to resolve host::/,
    /^failed to open file:no\/pid: /,
    /^failed to open control socket:no\/c:/,
    /^failed to listen to file no\/s:/,
    /^failed to chdir:no:/,
    /^the program cannot be executed: "no-such-program" is in no directory of PATH/,
  ]);
  t.equal(faults.length, 7);
});

t.test('what a start would only warn of is told, and is no fault', async (t) => {
  const cwd = room(t);
  execFileSync('chmod', ['777', cwd]);
  const { code, warnings } = await checked(t, ['--envdir=no', '--pid-file=pid', '--', probe()], { cwd });
  t.match(warnings, [
    /nothing is taken from "no" of --envdir: No such file/,
    /other users may write to .* --pid-file;/,
  ]);
  t.same([code, warnings.length], [0, 2]);
});

t.test('a superdaemon that runs with the same command line is told of, and not disturbed', async (t) => {
  const port = `--port=127.0.0.1:${String(await freePort())}`;
  const run = await controlled(t, [], { options: [port, '--path=s'] });
  const before = [await statusOf(t, run), snapshot(run.directory), run.stderr];
  const words = ['--pid-file=pid', '--status-file=st', '--control=c', port, '--path=s', '--', probe()];
  const { code, faults } = await checked(t, words, { cwd: run.directory });
  t.equal(code, 1);
  t.match(faults, [
    `failed to lock file:pid: process ${String(run.pid)} holds it; `,
    /^failed to open control socket:c:another process accepts connections there; /,
    `process ${String(run.pid)} ("start_server") has it: stop it, or give another --port`,
    `process ${String(run.pid)} ("start_server") accepts connections there; stop it first`,
  ]);
  t.equal(faults.length, 4);
  const untimed = (status: unknown) => JSON.stringify(status).replace(/"(?:age|startTime)":[\d.]+/g, '');
  t.same([await statusOf(t, run), snapshot(run.directory), run.stderr].map(untimed), before.map(untimed));
  await run.stop();
  t.same((await checked(t, words, { cwd: run.directory })).faults, []);
});

t.test(
  'one that sleeps goes on sleeping',
  { skip: process.platform !== 'linux' && 'it sleeps on Linux only' },
  async (t) => {
    const run = await controlled(t, [], { options: ['--path=s', '--hibernate=0'] });
    await eventually('its sleep', () => isAsleep(run.pid));
    const { code, faults } = await checked(t, ['--control=c', '--path=s', '--', probe()], { cwd: run.directory });
    t.same([code, faults.length], [98, 2]);
    t.ok(isAsleep(run.pid));
    await run.stop();
  },
);

t.test('the sockets of workers that a killed start_server has left are no obstacle', async (t) => {
  const cwd = room(t);
  const words = ['--pid-file=pid', '--status-file=st', '--interval=0', `--port=${String(await freePort())}`];
  const run = new Run(t, [...words, '--', probe()], { cwd });
  await eventually('the status file', () => existsSync(join(cwd, 'st')));
  run.signal('SIGKILL');
  await eventually('its end', () => !isAlive(run.pid));
  const { code, faults } = await checked(t, [...words, '--', probe()], { cwd });
  t.same([code, faults], [0, []]);
  const alone = await checked(t, [...words.slice(1), '--', probe()], { cwd });
  t.match(alone, { code: 98, faults: [/Address already in use; process \d+/] });
  t.ok(isAlive(run.workers[0] ?? NaN), 'it was not told to end');
});

t.test('the reader of a named pipe does not meet its end', async (t) => {
  const cwd = room(t);
  execFileSync('mkfifo', [join(cwd, 'log')]);
  const reader = spawn('cat', [join(cwd, 'log')], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => reader.kill('SIGKILL'));
  t.equal((await checked(t, ['--log-file=log', '--', probe()], { cwd })).code, 0);
  execFileSync('sh', ['-c', 'echo still here >log'], { cwd });
  const [line] = (await once(reader.stdout, 'data')) as [Buffer];
  t.equal(line.toString(), 'still here\n');
});

/** The calls by which something would be changed, for others to see. */
const changing =
  'openat,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,rmdir,link,linkat,symlink,mknod,chmod,fchmod,fchmodat,' +
  'chown,fchown,lchown,fchownat,truncate,ftruncate,utimensat,listen,connect,kill,tgkill';

t.test('the system is asked for nothing that changes anything', { skip: withoutStrace }, async (t) => {
  const cwd = room(t);
  const trace = join(room(t), 'trace');
  const stale = ['pid', 'st', 'log'];
  for (const name of stale) writeFileSync(join(cwd, name), '1\n');
  const words = [...files, '--port=127.0.0.1:0', '--path=s', '--ready=notify', '--', probe()];
  const under = ['strace', '-f', '-o', trace, '-e', `trace=${changing}`];
  t.equal((await checked(t, words, { cwd, under })).code, 0);
  const calls = wholeCalls(readFileSync(trace, 'latin1')).split('\n');
  t.ok(
    calls.some((call) => call.startsWith('openat(')),
    'there is a trace',
  );
  t.same(
    calls.filter((call) => /^[a-z]/.test(call) && !isHarmless(call)),
    [],
  );
});

/** Reading; and what the launcher does to its own descriptors, and node to itself. */
function isHarmless(call: string): boolean {
  if (!call.startsWith('openat(')) return false;
  return !/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(call) || /"\/(?:dev|proc)\//.test(call);
}
