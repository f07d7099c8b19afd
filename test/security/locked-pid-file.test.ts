/** flock(2) asks for no right to write: a pid file that others may read, as the original's, can be locked by any of them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { PidFile } from '../../src/system/files/pid-file.js';
import { command, saidBy } from '../helpers/running/control.js';
import { eventually } from '../helpers/eventually.js';
import { failing } from '../helpers/running/first-worker.js';
import { probe } from '../helpers/processes/probe.js';
import { room } from '../helpers/place/room.js';
import { isAlive, Run } from '../helpers/running/starter.js';

const skip = process.getuid?.() !== 0 && 'only root can be several users';
const [owner, stranger] = [54321, 54322];
const program = ['--interval=0', '--', probe()];

/** As that user, with a /proc that shows him the processes of others, or not, whatever the machine's does. */
function as(uid: number, { hides = false } = {}): string[] {
  if (uid === 0) return [];
  const mount = `mount -t proc -o hidepid=${hides ? '2' : '0'} proc /proc && exec "$@"`;
  const user = ['setpriv', `--reuid=${String(uid)}`, `--regid=${String(uid)}`, '--clear-groups'];
  return ['unshare', '--mount', 'sh', '-c', mount, 'sh', ...user];
}

/** A directory of the user's own with the pid file of one that was killed. */
function leftBehind(t: Test, uid: number, mode = 0o644): string {
  const cwd = room(t);
  writeFileSync(join(cwd, 'pid'), '99999\n');
  for (const [path, bits] of [
    [cwd, 0o755],
    [join(cwd, 'pid'), mode],
  ] as const) {
    chownSync(path, uid, uid);
    chmodSync(path, bits);
  }
  return cwd;
}

const lock = 'open F, "<", "pid" or die; flock F, 2 or die';

/** Somebody who locks it, by a descriptor that may be read only, until the end of the test. */
async function locker(t: Test, cwd: string, under: readonly string[]): Promise<ChildProcess> {
  const script = `${lock}; print "locked\\n"; close STDOUT; sleep 99`;
  const child = spawn('env', [...under, 'perl', '-e', script], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

for (const uid of [0, owner]) {
  t.test(`a lock of somebody who may only read keeps no start of user ${String(uid)} away`, { skip }, async (t) => {
    const cwd = leftBehind(t, uid);
    const { pid = NaN } = await locker(t, cwd, as(stranger));
    const before = statSync(join(cwd, 'pid'));
    const run = new Run(t, ['--pid-file=pid', ...program], { cwd, under: as(uid) });
    await run.sees(/^starting new worker/);
    t.equal(
      run.lines[1],
      `warning: process ${String(pid)} holds the lock of file:pid, which its user ${String(stranger)} may only read; ` +
        'a new file takes its place, and that lock does no harm any more',
    );
    const after = statSync(join(cwd, 'pid'));
    t.not(after.ino, before.ino);
    t.same([after.mode, after.uid, after.gid], [before.mode, before.uid, before.gid]);
    t.same(readdirSync(cwd), ['pid'], 'and nothing else is left there');
    t.same(await saidBy(command(t, 'stop', cwd, { under: as(uid) })), {
      code: 0,
      stderr: `stop_server (pid:OWN) stopping now (pid:${String(run.pid)})...\n`,
    });
    t.same(readdirSync(cwd), []);
    t.ok(isAlive(pid), 'nobody has signalled the other one');
  });
}

t.test('nor in a user namespace of his own, where he has every capability', { skip }, async (t) => {
  const cwd = leftBehind(t, 0);
  await locker(t, cwd, [...as(stranger), 'unshare', '--user', '--map-root-user']);
  const run = new Run(t, ['--pid-file=pid', ...program], { cwd });
  await run.sees(/^starting new worker/);
  t.match(run.lines[1], /^warning: process \d+ holds the lock of file:pid, which its user 54322 may only read;/);
  t.same(await run.stop(), { code: 0, signal: null });
});

const counted: readonly (readonly [who: string, owner: number, mode: number, locker: number])[] = [
  ['the same user, though his descriptor may only be read', owner, 0o644, owner],
  ['root', owner, 0o644, 0],
  ['the owner, whom root has it from', owner, 0o644, owner],
  ['anybody, where everybody may write', owner, 0o666, stranger],
];
for (const [who, uid, mode, by] of counted) {
  t.test(`a lock of somebody counts who could have written it: ${who}`, { skip }, async (t) => {
    const cwd = leftBehind(t, uid, mode);
    const { pid = NaN } = await locker(t, cwd, as(by));
    const { ino } = statSync(join(cwd, 'pid'));
    const ended = await failing(t, ['--pid-file=pid', ...program], {
      cwd,
      under: as(who.includes('root has') ? 0 : uid),
    });
    t.same(
      [ended.code, ended.stderr.split('\n')[1]],
      [
        1,
        `failed to lock file:pid: process ${String(pid)} holds it; stop that start_server first, or give another --pid-file`,
      ],
    );
    t.equal(statSync(join(cwd, 'pid')).ino, ino);
    t.equal(readFileSync(join(cwd, 'pid'), 'latin1'), '99999\n');
  });
}

t.test('so does one that cannot be seen, in another pid namespace', { skip }, async (t) => {
  const cwd = leftBehind(t, 0);
  await locker(t, cwd, as(stranger));
  const apart = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
  const ended = await failing(t, ['--pid-file=pid', ...program], { cwd, under: apart });
  t.match(ended, { code: 1, stderr: /\nfailed to lock file:pid: process 99999 holds it; / });
});

t.test('so does one that is hidden from other users', { skip }, async (t) => {
  const cwd = leftBehind(t, owner);
  await locker(t, cwd, as(stranger));
  const ended = await failing(t, ['--pid-file=pid', ...program], { cwd, under: as(owner, { hides: true }) });
  t.match(ended, { code: 1, stderr: /\nfailed to lock file:pid: process \d+ holds it; / });
});

t.test('where no new file can be made it is said who is in the way', { skip }, async (t) => {
  const cwd = leftBehind(t, owner);
  chownSync(cwd, 0, 0);
  const { pid = NaN } = await locker(t, cwd, as(stranger));
  const ended = await failing(t, ['--pid-file=pid', ...program], { cwd, under: as(owner) });
  t.same(
    [ended.code, ended.stderr.split('\n')[1]],
    [
      1,
      `failed to lock file:pid: process ${String(pid)} holds it, though its user ${String(stranger)} may only read that file, and ` +
        'no new one can take its place: Permission denied; end that process, let this user write to the directory, or give another --pid-file',
    ],
  );
  t.equal(readFileSync(join(cwd, 'pid'), 'latin1'), '99999\n');
});

t.test('a start that fails after that leaves the old words, and a link stays a link', { skip }, async (t) => {
  const cwd = leftBehind(t, 0);
  mkdirSync(join(cwd, 'd'));
  symlinkSync('../pid', join(cwd, 'd/pid'));
  await locker(t, cwd, as(stranger));
  const ended = await failing(t, ['--pid-file=d/pid', '--path=no/s', ...program], { cwd });
  t.equal(ended.code, 2);
  t.equal(readFileSync(join(cwd, 'pid'), 'latin1'), '99999\n');
  t.same(readdirSync(join(cwd, 'd')), ['pid']);
});

t.test('of two that put a new file there, one has the lock', { skip }, async (t) => {
  const cwd = leftBehind(t, 0);
  await locker(t, cwd, as(stranger));
  const runs = Array.from({ length: 6 }, () => new Run(t, ['--pid-file=pid', ...program], { cwd }));
  const isDecided = (run: Run) => run.workers.length > 0 || !isAlive(run.pid);
  await eventually('an end or a worker of each', () => runs.every(isDecided));
  const [winner, ...more] = runs.filter((run) => run.workers.length > 0);
  t.same(more, []);
  t.equal(readFileSync(join(cwd, 'pid'), 'latin1'), `${String(winner?.pid)}\n`);
  for (const run of runs) if (run !== winner) t.same(await run.ended(), { code: 1, signal: null });
  t.same(readdirSync(cwd), ['pid']);
});

t.test('a dead one that somebody else has locked is not stopped or restarted', { skip }, async (t) => {
  const cwd = leftBehind(t, 0);
  writeFileSync(join(cwd, 'st'), '1:99998\n');
  await locker(t, cwd, as(stranger));
  for (const name of ['stop', 'restart'] as const) {
    const { code, stderr } = await saidBy(command(t, name, cwd));
    t.match({ code, stderr }, { code: 1, stderr: /^no superdaemon is running as "99999", which file:pid says/ });
  }
});

t.test('--stop does not wait for a reader who has waited for the lock', { skip }, async (t) => {
  const cwd = leftBehind(t, 0);
  const run = new Run(t, ['--pid-file=pid', ...program], { cwd });
  await run.sees(/^starting new worker/);
  const waiter = spawn('env', [...as(stranger), 'perl', '-e', `${lock}; sleep 99`], { cwd });
  t.teardown(() => waiter.kill('SIGKILL'));
  const isWaiting = new RegExp(`-> FLOCK +ADVISORY +WRITE ${String(waiter.pid)} `);
  await eventually('the waiter', () => isWaiting.test(readFileSync('/proc/locks', 'latin1')));
  t.match(await saidBy(command(t, 'stop', cwd)), { code: 0 });
  t.ok(isAlive(waiter.pid ?? NaN));
});

t.test('the new file is locked before anybody can see it', { skip }, async (t) => {
  const cwd = leftBehind(t, 0);
  await locker(t, cwd, as(stranger));
  const file = PidFile.lock(join(cwd, 'pid'));
  t.teardown(() => {
    file.unlock();
  });
  t.match(file.displaced, { uid: stranger });
  const descriptors = readdirSync('/proc/self/fd').length;
  t.throws(() => PidFile.lock(join(cwd, 'pid')), { message: `locked by ${String(process.pid)}` });
  t.equal(readdirSync('/proc/self/fd').length, descriptors);
});
