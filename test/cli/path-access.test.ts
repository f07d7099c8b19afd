/** Who may connect to a unix socket, and which descriptor it is in workers. */
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { failing, firstWorker, sockets, variable } from '../helpers/running/first-worker.js';
import { room } from '../helpers/place/room.js';
import { workspace } from '../helpers/place/workspace.js';
import { withoutStrace } from '../helpers/processes/strace.js';

const notRoot = process.getuid?.() !== 0 && 'only root can give a file away';

const modes: readonly (readonly [option: string | undefined, mode: number])[] = [
  [undefined, 0o777],
  ['0660', 0o660],
  ['600', 0o600],
  ['0000', 0],
];
for (const [option, mode] of modes) {
  t.test(`the mode of a socket with --path-mode=${String(option)}`, async (t) => {
    const cwd = room(t);
    await firstWorker(t, ['--path=s', ...(option === undefined ? [] : [`--path-mode=${option}`])], { cwd });
    t.equal(statSync(join(cwd, 's')).mode & 0o7777, mode);
  });
}

const owners: readonly (readonly [option: string, uid: number, gid: number])[] = [
  ['1234', 1234, 0],
  ['1234:5678', 1234, 5678],
  [':5678', 0, 5678],
  ['nobody', 65534, 0],
  ['nobody:nogroup', 65534, 65534],
];
for (const [option, uid, gid] of owners) {
  t.test(`the owner of a socket with --path-owner=${option}`, { skip: notRoot }, async (t) => {
    const cwd = room(t);
    await firstWorker(t, ['--path=s', `--path-owner=${option}`], { cwd });
    const { uid: user, gid: group } = statSync(join(cwd, 's'));
    t.same([user, group], [uid, gid]);
  });
}

t.test('nobody can connect before mode and owner are right', { skip: notRoot || withoutStrace }, async (t) => {
  const cwd = room(t);
  const under = ['strace', '-D', '-f', '-qq', '-o', 'trace', '-e', 'trace=bind,listen,lchown,fchownat,chmod,fchmodat'];
  await firstWorker(t, ['--path=s', '--path-mode=0600', '--path-owner=1234'], { cwd, under });
  const calls = readFileSync(join(cwd, 'trace'), 'latin1').match(
    /\b(?:bind|listen|l?chown|f?ch\w+at|chmod)(?=\(.*= 0$)/gm,
  );
  t.same(calls, ['bind', 'lchown', 'listen']);
});

t.test('a socket is the descriptor that =N asks for', async (t) => {
  const cwd = room(t);
  const { dump } = await firstWorker(t, ['--path=s=9', '--path=other', '--port=127.0.0.1:0=7'], { cwd });
  t.equal(variable(dump, 'SERVER_STARTER_PORT'), '127.0.0.1:0=7;s=9;other=3');
  t.match(sockets(dump), [/^3 /, /^7 /, /^9 /]);
});

t.test('a program that wants its socket as standard input, as FastCGI has it, gets it', async (t) => {
  const cwd = room(t);
  const { dump } = await firstWorker(t, ['--path=s=0'], { cwd });
  t.equal(variable(dump, 'SERVER_STARTER_PORT'), 's=0');
  t.match(dump.fds.get(0), { name: /s$/ });
});

const wrong: readonly (readonly [option: string, message: string])[] = [
  ['--path-mode=99', '--path-mode: "99" is no mode; give three octal digits, as 0660'],
  ['--path-mode=07777', '--path-mode: "07777" is no mode; give three octal digits, as 0660'],
  ['--path-owner=:', '--path-owner: ":" names nobody; give USER, USER:GROUP or :GROUP'],
];
t.test('what cannot be is told, and nothing is left', async (t) => {
  for (const [option, message] of wrong) {
    const cwd = workspace(t);
    t.same(
      await failing(t, ['--path=s', option, '--', 'true'], { cwd }),
      { code: 1, stdout: '', stderr: `${message}\n` },
      option,
    );
    t.notOk(existsSync(join(cwd, 's')));
  }
});

t.test('a name that nobody has, and a file that may not be given away, leave no socket', async (t) => {
  const cwd = workspace(t);
  const unknown = await failing(t, ['--path=s', '--path-owner=nobody-has-it', '--', 'true'], { cwd });
  t.match(unknown, {
    code: 1,
    stderr: /\n--path-owner: no user "nobody-has-it" is known: .*; give another name, or a number\n$/,
  });
  if (notRoot === false) {
    chmodSync(cwd, 0o777);
    const under = ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups'];
    const refused = await failing(t, ['--path=s', '--path-owner=1', '--', 'true'], { cwd, under });
    t.match(refused, { code: 1, stderr: /Operation not permitted/ });
  }
  t.notOk(existsSync(join(cwd, 's')));
});
