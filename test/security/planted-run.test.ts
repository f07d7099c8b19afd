/** A whole superdaemon of root's in a directory of somebody else's: what it refuses, and what it says. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { failing } from '../helpers/running/first-worker.js';
import { LoggedRun } from '../helpers/running/logged-run.js';
import { room } from '../helpers/place/room.js';

const stranger = 54321;
const skip = process.getuid?.() !== 0 && 'only root can be a second user';
const program = ['--interval=0', '--', 'sleep', '100'];
const files = ['--log-file=log', '--pid-file=pid', '--status-file=st'];

function theirs(t: Test): string {
  const cwd = room(t);
  chmodSync(cwd, 0o755);
  chownSync(cwd, stranger, stranger);
  return cwd;
}

t.test('a planted link ends the start, and what it leads to is as it was', { skip }, async (t) => {
  const table: [name: string, option: string, line: string][] = [
    [
      'pid',
      '--pid-file=pid',
      'failed to open file:pid: it is a link that another user has made; give a --pid-file that this user may write, in a directory that exists',
    ],
    [
      'log',
      '--log-file=log',
      'failed to open log file:log: it is a link that another user has made; let this user write to it, in a directory that exists',
    ],
  ];
  for (const [name, option, line] of table) {
    const cwd = theirs(t);
    const victim = join(room(t), 'victim');
    writeFileSync(victim, 'precious\n');
    symlinkSync(victim, join(cwd, name));
    lchownSync(join(cwd, name), stranger, stranger);
    const { code, stderr } = await failing(t, [option, ...program], { cwd });
    t.equal(stderr.replace(/^start_server .*\n/, ''), `${line}\n`);
    t.equal(code, 40, 'ELOOP');
    t.equal(readFileSync(victim, 'latin1'), 'precious\n');
  }
});

t.test('a link planted before a rotation is not followed, and the log goes on where it was', { skip }, async (t) => {
  const cwd = theirs(t);
  const victim = join(room(t), 'victim');
  const run = new LoggedRun(t, ['--log-file=log', ...program], { cwd });
  await run.logs(/^starting new worker/);
  renameSync(join(cwd, 'log'), join(cwd, 'log.1'));
  symlinkSync(victim, join(cwd, 'log'));
  lchownSync(join(cwd, 'log'), stranger, stranger);
  run.signal('SIGUSR1');
  await run.logs(/^failed to open log file:log: it is a link that another user has made;/, { name: 'log.1' });
  t.throws(() => readFileSync(victim), { code: 'ENOENT' });
  process.kill(run.pid, 'SIGTERM');
  t.same(await run.ended(), { code: 0, signal: null });
});

t.test('that others may write to a directory is said once, in the log', { skip }, async (t) => {
  const cwd = theirs(t);
  const run = new LoggedRun(t, [...files, ...program], { cwd });
  await run.logs(/^starting new worker/);
  t.equal(
    run.read().split('\n')[0],
    `warning: other users may write to "${cwd}" and replace the file of --log-file, --pid-file, --status-file; ` +
      'take that right from them, let root or this user own it, or give another directory',
  );
  await run.stop();
});

t.test('nothing is said in a directory of our own, of whatever user', { skip }, async (t) => {
  for (const uid of [0, stranger]) {
    const top = room(t);
    chmodSync(top, 0o755);
    mkdirSync(join(top, 'd'), { mode: 0o775 });
    chownSync(join(top, 'd'), uid, uid);
    const under = uid === 0 ? [] : ['setpriv', `--reuid=${String(uid)}`, `--regid=${String(uid)}`, '--clear-groups'];
    const run = new LoggedRun(t, [...files, ...program], { cwd: join(top, 'd'), under });
    await run.logs(/^starting new worker/);
    t.match(run.read(), /^starting new worker/);
    await run.stop();
  }
});

const asStranger = ['setpriv', `--reuid=${String(stranger)}`, `--regid=${String(stranger)}`, '--clear-groups'];
const unmapped = [...asStranger, 'unshare', '--user', '--map-root-user'];
const withoutNamespace = spawnSync('env', [...unmapped, 'true']).status !== 0 && 'no user namespaces of plain users';

t.test(
  'nor in a user namespace, where the directories of root show another user',
  { skip: skip || withoutNamespace },
  async (t) => {
    const cwd = theirs(t);
    const run = new LoggedRun(t, [...files, ...program], { cwd, under: unmapped });
    await run.logs(/^starting new worker/);
    t.match(run.read(), /^starting new worker/);
    await run.stop();
    // Whoever is not the owner of / and not mapped either may still replace what is there.
    chownSync(cwd, stranger + 1, stranger + 1);
    chmodSync(cwd, 0o777);
    const open = new LoggedRun(t, ['--pid-file=pid', '--log-file=log', ...program], { cwd, under: unmapped });
    await open.logs(/^warning: other users may write to /);
    await open.stop();
  },
);
