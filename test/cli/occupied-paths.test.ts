/** What may be in the way of a --path, and what an end leaves there. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { readlinkSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { failing, firstWorker } from '../helpers/running/first-worker.js';
import { freePort, isFree } from '../helpers/place/ports.js';
import { probe } from '../helpers/processes/probe.js';
import { workspace } from '../helpers/place/workspace.js';

const program = ['--interval=0', '--', probe()];

/** The file of a server that is gone. */
function staleSocket(path: string): void {
  closeSync(addon.openListener({ family: 'unix', type: 'stream', address: path, port: 0, backlog: 1 }));
}

/** Another server that lives. */
async function liveSocket(t: Test, path: string): Promise<Server> {
  // Whoever only looks whether it lives is gone before the answer.
  const server = createServer((connection) => connection.on('error', () => undefined).end('foreign')).listen(path);
  await once(server, 'listening');
  t.teardown(() => server.close());
  return server;
}

async function answerAt(path: string): Promise<string> {
  const [answer] = (await once(connect(path), 'data')) as [Buffer];
  return answer.toString();
}

t.test('a stale socket is replaced, and that is told', async (t) => {
  const path = join(workspace(t), 's');
  for (const file of [path, path.padEnd(108, 'x')]) {
    staleSocket(file);
    const { run } = await firstWorker(t, [`--path=${file}`]);
    await run.sees(/^starting new worker/);
    t.equal(run.lines[1], `removing existing socket file:${file}`);
    t.ok(addon.isAccepting(file), `${String(file.length)} bytes`);
    t.match(run.lines[2], /^starting new worker/);
    await run.stop();
    t.notOk(existsSync(file));
  }
});

t.test('of a link to a stale socket, the link is replaced', async (t) => {
  const cwd = workspace(t);
  staleSocket(join(cwd, 'target'));
  symlinkSync('target', join(cwd, 's'));
  const { run } = await firstWorker(t, ['--path=s'], { cwd });
  t.equal(run.lines[1], 'removing existing socket file:s');
  t.ok(lstatSync(join(cwd, 's')).isSocket());
  await run.stop();
  t.same(readdirSync(cwd), ['target']);
});

t.test('a socket that somebody accepts on is refused and left alone', async (t) => {
  const cwd = workspace(t);
  await liveSocket(t, join(cwd, 's'));
  symlinkSync('s', join(cwd, 'link'));
  const { ino } = statSync(join(cwd, 's'));
  for (const path of ['s', 'link']) {
    const { code, stderr } = await failing(t, [`--path=${path}`, ...program], { cwd });
    t.equal(code, 98);
    t.match(
      stderr,
      new RegExp(
        `^.*\nfailed to listen to file ${path}:process ${String(process.pid)} \\(".+"\\) accepts connections there;`,
      ),
    );
    t.equal(statSync(join(cwd, 's')).ino, ino);
    t.equal(await answerAt(join(cwd, 's')), 'foreign');
  }
  t.same(readdirSync(cwd).sort(), ['link', 's']);
});

t.test('a second instance leaves the first one its path', async (t) => {
  const path = join(workspace(t), 's');
  const { run } = await firstWorker(t, [`--path=${path}`]);
  const { ino } = statSync(path);
  t.equal((await failing(t, [`--path=${path}`, ...program])).code, 98);
  t.equal(statSync(path).ino, ino);
  await run.stop();
});

type Maker = (path: string) => void;
const noSocket = 'something that is no socket is in the way; remove it, or give another path';
const others: readonly (readonly [string, Maker, reason: string, code: number])[] = [
  ['a regular file', (path) => writeFileSync(path, 'precious'), noSocket, 98],
  ['an empty file', (path) => writeFileSync(path, ''), noSocket, 98],
  ['a FIFO', (path) => execFileSync('mkfifo', [path]), noSocket, 98],
  ['a dangling link', (path) => symlinkSync('nowhere', path), noSocket, 98],
  ['a link to a file', (path) => symlinkSync('/dev/null', path), noSocket, 98],
  ['a link to a directory', (path) => symlinkSync('.', path), noSocket, 98],
  ['a link to itself', (path) => symlinkSync('s', path), 'Too many levels of symbolic links; give another --path', 40],
  [
    'a directory',
    (path) => mkdirSync(path),
    'Address already in use; it is a directory, give the path of a socket in it, as in --path=s/app.sock',
    98,
  ],
];
for (const [what, make, reason, code] of others) {
  t.test(`${what} is refused and stays`, async (t) => {
    const cwd = workspace(t);
    make(join(cwd, 's'));
    const before = shown(join(cwd, 's'));
    const ended = await failing(t, ['--path=s', ...program], { cwd });
    t.match(ended, { code, stderr: `\nfailed to listen to file s:${reason}\n` });
    t.same(shown(join(cwd, 's')), before);
    t.same(readdirSync(cwd), ['s'], 'nothing else was made');
  });
}

/** What one can see of a file without following it. */
function shown(path: string): unknown {
  const { ino, mode, size, mtimeMs } = lstatSync(path);
  const content = mode >> 12 === 0o10 ? readFileSync(path, 'latin1') : mode >> 12 === 0o12 ? readlinkSync(path) : '';
  return { ino, mode, size, mtimeMs, content };
}

const impossible: readonly (readonly [path: string, line: string, code: number])[] = [
  ['', 'invalid path "": it is empty; give the name of a file', 255],
  [
    'no/s',
    'failed to listen to file no/s:No such file or directory; make its directory first, or give another --path',
    2,
  ],
  [
    'file/s',
    'failed to listen to file file/s:Not a directory; a part of the path is no directory, give another --path',
    20,
  ],
  ['s/', 'failed to listen to file s/:No such file or directory; make its directory first, or give another --path', 2],
  ['a;b', 'invalid path "a;b": it must not contain ";" or "="', 255],
  ['a=b', 'invalid path "a=b": it must not contain ";" or "="', 255],
  ['=5', 'invalid path "=5": it must not contain ";" or "="', 255],
  ['x'.repeat(109), `invalid path "${'x'.repeat(109)}": 109 bytes are too long for a unix socket`, 255],
  ['x'.repeat(200), `invalid path "${'x'.repeat(200)}": 200 bytes are too long for a unix socket`, 255],
];
t.test('what cannot be a path', async (t) => {
  const cwd = workspace(t);
  const port = await freePort();
  writeFileSync(join(cwd, 'file'), '');
  for (const [path, line, code] of impossible) {
    const ended = await failing(t, [`--port=${String(port)}`, '--path', path, ...program], { cwd });
    t.match(ended, { code, stderr: `start_server (pid:S) starting now...\n${line}` });
    t.ok(await isFree(port));
    t.same(readdirSync(cwd), ['file'], `nothing is made for ${path}`);
  }
});

const isRoot = process.getuid?.() === 0;
t.test('a directory that may not be written', { skip: !isRoot && 'only root can become another user' }, async (t) => {
  const cwd = workspace(t);
  const under = ['setpriv', '--reuid=65534', '--clear-groups', '--inh-caps=-all'];
  const ended = await failing(t, [`--path=${cwd}/s`, ...program], { under });
  t.match(ended, {
    code: 13,
    stderr: `\nfailed to listen to file ${cwd}/s:Permission denied; let this user write to its directory, or give another --path\n`,
  });
});

t.test('when the second path fails, the first is removed', async (t) => {
  const cwd = workspace(t);
  const ended = await failing(t, ['--path=a', '--path=no/b', ...program], { cwd });
  t.match(ended, { code: 2, stderr: /\nfailed to listen to file no\/b:No such file or directory;/ });
  t.same(readdirSync(cwd), []);
});

t.test('when the first path fails, the second is not touched', async (t) => {
  const cwd = workspace(t);
  await liveSocket(t, join(cwd, 'b'));
  staleSocket(join(cwd, 'c'));
  const before = shown(join(cwd, 'c'));
  // The original removes both.
  t.equal((await failing(t, ['--path=no/a', '--path=b', '--path=c', ...program], { cwd })).code, 2);
  t.equal(await answerAt(join(cwd, 'b')), 'foreign');
  t.same(shown(join(cwd, 'c')), before);
});

t.test('when a port fails, no path is touched', async (t) => {
  const cwd = workspace(t);
  staleSocket(join(cwd, 's'));
  const before = shown(join(cwd, 's'));
  t.equal((await failing(t, ['--path=s', '--port=1:1', ...program], { cwd })).code, 99);
  t.same(shown(join(cwd, 's')), before);
});

t.test('the same path twice is refused', async (t) => {
  const cwd = workspace(t);
  const ended = await failing(t, ['--path=s', '--path=s', ...program], { cwd });
  t.match(ended, { code: 255, stderr: '\npath "s" is given twice; leave one of them out\n' });
  t.same(readdirSync(cwd), []);
});

t.test('nor by two names', async (t) => {
  const cwd = workspace(t);
  const ended = await failing(t, ['--path=s', '--path=./s', ...program], { cwd });
  t.match(ended, {
    code: 255,
    stderr: /^--path: "\.\/s" is the same file as "s" of --path; give each of them a file of its own\n$/,
  });
  t.same(readdirSync(cwd), []);
});

t.test('at its end it leaves what others have put there', async (t) => {
  const path = join(workspace(t), 's');
  const foreign: readonly [string, () => unknown][] = [
    ['a live socket', () => liveSocket(t, path)],
    ['a stale socket', () => staleSocket(path)],
    ['a file', () => writeFileSync(path, '')],
    ['its own socket elsewhere', () => renameSync(`${path}.away`, `${path}.elsewhere`)],
  ];
  for (const [what, put] of foreign) {
    const { run } = await firstWorker(t, [`--path=${path}`]);
    renameSync(path, `${path}.away`);
    await put();
    const present = existsSync(path) && shown(path);
    t.same(await run.stop(), { code: 0, signal: null });
    t.equal(run.lines.at(-1), 'exiting');
    t.same(existsSync(path) && shown(path), present, what);
    if (existsSync(path)) unlinkSync(path);
  }
});
