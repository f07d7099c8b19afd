/** Who reaches the notify socket, and who does not: other users, workers that change theirs, and what stays of it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { messages } from '../../src/core/loop/messages.js';
import { eventually } from '../helpers/eventually.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { allow, attackingWorker, notifyAttack } from '../helpers/reliability/notify-attack.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { room } from '../helpers/place/room.js';
import { plainEnvironment, Run } from '../helpers/running/starter.js';

const skip = process.getuid?.() !== 0 && 'only root can be a second user';
const owner = 54321;
const stranger = 54322;
const as = (uid: number): [string, ...string[]] => [
  'setpriv',
  `--reuid=${String(uid)}`,
  `--regid=${String(uid)}`,
  '--clear-groups',
];
const options = ['--interval=0', '--ready=notify'];

interface Where {
  readonly uid?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly under?: readonly string[];
}

/** A superdaemon whose worker has told its name of the socket in the file `name`, and waits for `go` to say that it is ready. */
async function notified(t: Test, { uid = 0, env, under = [] }: Where = {}) {
  const cwd = room(t);
  chmodSync(cwd, 0o755);
  chownSync(cwd, uid, uid);
  const words = attackingWorker(cwd, 'echo "$NOTIFY_SOCKET" >new; mv new name; wait_for go; say; exec sleep 100');
  const how = { cwd, env: { ...plainEnvironment(), ...env }, under: [...under, ...as(uid)] };
  const run = new Run(t, [...options, ...words], how);
  await eventually('the name', () => existsSync(join(cwd, 'name')), { seen: () => run.stderr });
  return { run, cwd, name: readFileSync(join(cwd, 'name'), 'latin1').trim() };
}

/** Why a user cannot send to a name; '' where it can. */
function refusal(uid: number, name: string): string {
  const [file, ...words] = as(uid);
  return spawnSync(file, [...words, notifyAttack(), 'send', name, 'READY=1', '1'], {
    encoding: 'latin1',
  }).stderr.trim();
}

/** What everybody can learn of the names of the sockets that a process has. */
function publicNames(pid: number): string[] {
  const sockets = descriptorsOf(pid).flatMap((line) => /socket:\[(\d+)\]/.exec(line)?.[1] ?? []);
  const rows = readFileSync('/proc/net/unix', 'latin1').split('\n');
  return rows.flatMap((row) => {
    const [, , , , , , inode = '', name] = row.split(/ +/);
    return name !== undefined && sockets.includes(inode) ? [name] : [];
  });
}

t.test(
  "root's socket: the name that others find leads nowhere, and the one that leads there is not to be found",
  { skip },
  async (t) => {
    const { run, name } = await notified(t);
    const [found = '', ...more] = publicNames(run.pid);
    t.same(more, []);
    t.equal(dirname(found), dirname(name));
    t.equal(refusal(stranger, found), 'sendto: No such file or directory');
    t.equal(spawnSync('setpriv', [...as(stranger).slice(1), 'ls', dirname(name)]).status, 2);
    t.match(name, /^\/run\/start_server\.[0-9a-f]{16}\/[0-9a-f]{32}$/);
    t.notMatch(run.stderr, /ready|warning/);
    await run.stop();
    t.notOk(existsSync(dirname(name)));
  },
);

t.test("a user's socket: who knows its name cannot use it", { skip }, async (t) => {
  const { run, cwd, name } = await notified(t, { uid: owner });
  t.equal(refusal(stranger, name), 'sendto: Permission denied');
  t.equal(refusal(owner, name), '', 'of the same user; disregarded, as it is no process of the worker');
  t.equal(statSync(dirname(name)).mode & 0o7777, 0o700);
  allow(cwd, 'go');
  await run.sees(/is ready$/);
  await run.stop();
});

const notifies = { skip: skip || withoutCommand('systemd-notify') };
t.test('a worker of root that becomes another user', notifies, async (t) => {
  const cwd = room(t);
  chmodSync(cwd, 0o755);
  const [, worker = ''] = attackingWorker(cwd, 'systemd-notify --ready --status="user $(id -u)"; exec sleep 100');
  const run = new Run(t, [...options, '--', ...as(owner), worker], { cwd });
  await run.sees(/^new worker \d+ is ready$/);
  await run.sees(new RegExp(`says: user ${String(owner)}$`));
  await run.stop();
});

t.test('a worker that changes its root directory: by the descriptor', { skip }, async (t) => {
  const cwd = room(t);
  mkdirSync(join(cwd, 'empty'));
  const perl =
    'chroot "empty"; open(my $p, ">&=", $ENV{SERVER_STARTER_READY_FD}); syswrite($p, "READY=1\n"); sleep 100';
  const run = new Run(t, [...options, '--', 'perl', '-e', perl], { cwd });
  await run.sees(/^new worker \d+ is ready$/);
  t.same(await run.stop(), { code: 0, signal: null });
});

t.test('what a kill -9 has left goes with the next start', { skip }, async (t) => {
  const directory = room(t);
  chownSync(directory, owner, owner);
  const env = { XDG_RUNTIME_DIR: directory };
  const killed = await notified(t, { uid: owner, env });
  const other = await notified(t, { uid: owner, env });
  killed.run.signal('SIGKILL');
  allow(killed.cwd, 'go');
  t.ok(existsSync(killed.name));
  const next = await notified(t, { uid: owner, env });
  t.same(
    readdirSync(directory).sort(),
    [other, next].map(({ name }) => dirname(name).slice(directory.length + 1)).sort(),
  );
  for (const { run } of [other, next]) await run.stop();
  t.same(readdirSync(directory), []);
});

t.test('directories that others may write to, or that are not there, are left alone', { skip }, async (t) => {
  const directory = room(t);
  chmodSync(directory, 0o777);
  for (const env of [
    { RUNTIME_DIRECTORY: directory },
    { XDG_RUNTIME_DIR: directory },
    { XDG_RUNTIME_DIR: '/nowhere' },
  ]) {
    const { run, name } = await notified(t, { uid: owner, env });
    t.match(name, /^\/tmp\/start_server\./);
    await run.stop();
  }
  t.same(readdirSync(directory), []);
});

t.test(
  'where there is no directory at all, the start succeeds, and the log says who may write',
  { skip },
  async (t) => {
    const script = 'for place in /run /tmp /dev/shm; do mount -t tmpfs -o ro none $place || exit 9; done; exec "$@"';
    const { run, cwd, name } = await notified(t, { under: ['unshare', '--mount', 'sh', '-c', script, 'sh'] });
    t.match(name, /^@/);
    t.ok(run.lines.includes(messages.exposedNotifySocket()));
    allow(cwd, 'go');
    await run.sees(/is ready$/);
    await run.stop();
  },
);
