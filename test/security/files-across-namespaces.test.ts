/** A pid in a file is another process in another pid namespace: by files nobody is signalled who is not known to be meant. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { command, holder, saidBy } from '../helpers/running/control.js';
import { probe } from '../helpers/processes/probe.js';
import { room } from '../helpers/place/room.js';
import { fixture } from '../helpers/place/samples.js';
import { original, ours, plainEnvironment, Run } from '../helpers/running/starter.js';

const stranger = 54321;
const asStranger = ['setpriv', `--reuid=${String(stranger)}`, `--regid=${String(stranger)}`, '--clear-groups'];
const apart = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
const skip = spawnSync('unshare', [...apart.slice(1), 'true']).status !== 0 && 'needs root, and pid namespaces';

function theirs(t: Test): string {
  const cwd = room(t);
  chmodSync(cwd, 0o755);
  chownSync(cwd, stranger, stranger);
  writeFileSync(join(cwd, 'st'), '1:1\n');
  return cwd;
}

/** A program that may be run and not be read; what is open in a process of it is shown to root alone. */
function unreadable(cwd: string, program: string): string {
  const path = join(cwd, `unreadable-${basename(program)}`);
  copyFileSync(program, path);
  chmodSync(path, 0o711);
  return path;
}

/**
 * The command runs in a pid namespace whose processes it alone sees, and the pid file is locked outside. It names somebody of
 * the same user, of whom nobody may see what he has open.
 */
async function besideBystander(t: Test, name: 'restart' | 'stop' | 'show-status') {
  const cwd = theirs(t);
  await holder(t, cwd, 'not yet');
  chmodSync(join(cwd, 'pid'), 0o666);
  const bystander = [fixture('beside-a-bystander.sh'), unreadable(cwd, '/bin/sleep')];
  const words = [...bystander, ours.command, `--${name}`, '--pid-file=pid', '--status-file=st'];
  const [unshare = '', ...rest] = [...apart, ...asStranger, ...words];
  const { stdout } = spawnSync(unshare, rest, { cwd, env: plainEnvironment(), encoding: 'latin1' });
  const stderr = readFileSync(join(cwd, 'stderr'), 'latin1').replace(/"\d+"/, '"PID"');
  return { ends: stdout, stderr };
}

for (const name of ['restart', 'stop', 'show-status'] as const) {
  t.test(`--${name} does not take a process for the holder because nobody can tell`, { skip }, async (t) => {
    t.same(await besideBystander(t, name), {
      ends: '1 137\n',
      stderr:
        'no superdaemon is known to run as "PID", which file:pid says: the system does not tell whether that process ' +
        'holds its lock, it may be one of another pid namespace; use --control, which needs no pid\n',
    });
  });
}

const starter = original();
const withoutOriginal = skip || (starter === undefined && "Perl's start_server is not installed");
t.test(
  'one is stopped that holds the lock, though nobody may see what it has open',
  { skip: withoutOriginal },
  async (t) => {
    const cwd = theirs(t);
    // By env, since setpriv itself may still read the program.
    const under = [...asStranger, 'env', unreadable(cwd, '/usr/bin/perl')];
    const run = new Run(t, ['--pid-file=pid', '--interval=0', '--', 'sleep', '99'], {
      cwd,
      under,
      ...(starter && { starter }),
    });
    await run.sees(/^starting new worker/);
    t.not(spawnSync('setpriv', [...asStranger.slice(1), 'ls', `/proc/${String(run.pid)}/fd`]).status, 0);
    t.same(await saidBy(command(t, 'stop', cwd, { under: asStranger })), {
      code: 0,
      stderr: `stop_server (pid:OWN) stopping now (pid:${String(run.pid)})...\n`,
    });
  },
);

t.test('where /proc is that of the namespace around, processes are told by their lock', { skip }, async (t) => {
  const cwd = room(t);
  const words = ['sh', '-c', stopRightAway, 'sh', ours.command, probe()];
  const shell = spawn('unshare', ['--pid', '--fork', '--kill-child', ...words], { cwd, env: plainEnvironment() });
  t.teardown(() => shell.kill('SIGKILL'));
  const said = await text(shell.stderr);
  // Its pid in the namespace; in /proc another process has that.
  t.match(said, /^start_server \(pid:(\d+)\) starting now\.\.\.\n/);
  t.match(said, /\nstop_server \(pid:\d+\) stopping now \(pid:2\)\.\.\.\n/);
  t.match(said, /\nexiting\n--stop ended with 0\n$/);
});

const stopRightAway = `"$1" --pid-file=pid --interval=0 -- "$2" &
  while ! [ -s pid ]; do sleep 0.01; done
  "$1" --stop --pid-file=pid
  echo "--stop ended with $?" >&2`;

t.test('the age and the state of a worker are those of a child of the superdaemon', async (t) => {
  const cwd = room(t);
  const run = new Run(t, ['--pid-file=pid', '--interval=0', '--', probe()], { cwd });
  await run.sees(/^starting new worker/);
  const [worker = NaN] = run.workers;
  // By a status file of another run, whose pids are this test's and a worker's of this one.
  writeFileSync(join(cwd, 'st'), `1:${String(process.pid)}\n2:${String(worker)}\n`);
  const show = new Run(t, ['--show-status', '--json', '--pid-file=pid', '--status-file=st'], { cwd });
  t.equal((await show.ended()).code, 0);
  const [foreign, own] = (JSON.parse(show.stdout) as { workers: unknown[] }).workers;
  t.same(foreign, { generation: 1, pid: process.pid, state: 'gone' });
  t.match(own, { generation: 2, pid: worker, state: 'current', age: Number });
});
