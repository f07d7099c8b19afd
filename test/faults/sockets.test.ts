/** Only what this superdaemon made is removed, only a stale socket is replaced, and nothing else is bound than was asked for. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { eventually } from '../helpers/eventually.js';
import { FaultRun, success, workerStarted } from '../helpers/running/faults.js';
import { freePort } from '../helpers/place/ports.js';
import { probe } from '../helpers/processes/probe.js';
import { room } from '../helpers/place/room.js';
import { isAlive } from '../helpers/running/starter.js';

const program = ['--', probe()];

/** What stands at a path, itself and not its target: 0 for nothing. */
const inode = (path: string) => (existsSync(path) || isLink(path) ? lstatSync(path).ino : 0);
const isLink = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;

async function foreignServer(t: Test, path: string): Promise<void> {
  const server = createServer((connection) => connection.on('error', () => undefined).end()).listen(path);
  await once(server, 'listening');
  t.teardown(() => server.close());
}

t.test('row 13: a start that fails leaves the socket of another server', async (t) => {
  const directory = room(t);
  await foreignServer(t, join(directory, 'b'));
  const run = new FaultRun(t, ['--path=no/a', '--path=b', ...program], { cwd: directory });
  t.equal(await run.outcome(), 2);
  t.ok(run.has('b'), 'it is there');
});

t.test('row 13: an end leaves the socket that another server has put in place of its own', async (t) => {
  const run = new FaultRun(t, ['--path=s', ...program]);
  await run.sees(/^starting new worker/);
  renameSync(join(run.directory, 's'), join(run.directory, 'away'));
  await foreignServer(t, join(run.directory, 's'));
  t.same(await run.stop(), success);
  t.ok(run.has('s'), 'it is there');
});

t.test('row 14: a path that is too long for a socket is an error', async (t) => {
  const path = 'x'.repeat(109);
  const run = new FaultRun(t, [`--path=${path}`, ...program]);
  t.equal(await run.outcome(), 255);
  t.notOk(run.has(path.slice(0, 108)), 'nothing is made under a shorter name');
});

const obstacles: Record<string, (path: string) => unknown> = {
  'a regular file': (path) => {
    writeFileSync(path, 'precious');
  },
  'a FIFO': (path) => execFileSync('mkfifo', [path]),
  'a link to a file': (path) => {
    symlinkSync('/dev/null', path);
  },
  'a dangling link': (path) => {
    symlinkSync('nowhere', path);
  },
};
for (const [what, make] of Object.entries(obstacles)) {
  t.test(`row 15: ${what} at a --path is an error and stays`, async (t) => {
    const directory = room(t);
    make(join(directory, 's'));
    const before = inode(join(directory, 's'));
    const run = new FaultRun(t, ['--path=s', ...program], { cwd: directory });
    t.equal(await run.outcome(), 98);
    t.equal(inode(join(directory, 's')), before);
    t.notOk(lstatSync(join(directory, 's')).isSocket());
  });
}

t.test('row 15: a socket that somebody accepts on is an error and stays', async (t) => {
  const directory = room(t);
  await foreignServer(t, join(directory, 's'));
  const before = inode(join(directory, 's'));
  const run = new FaultRun(t, ['--path=s', ...program], { cwd: directory });
  t.equal(await run.outcome(), 98);
  t.equal(inode(join(directory, 's')), before);
});

t.test('row 16: a second instance on the same UDP port fails to bind', async (t) => {
  const port = `--port=127.0.0.1:u${String(await freePort())}`;
  const first = new FaultRun(t, [port, ...program]);
  await first.sees(/^starting new worker/);
  const second = new FaultRun(t, [port, ...program]);
  t.equal(await second.outcome(), 98);
  t.same(await first.stop(), success);
});

t.test('row 17: a port above 65535 is an error', async (t) => {
  const port = String(65536 + (await freePort()));
  const run = new FaultRun(t, [`--port=127.0.0.1:${port}`, ...program]);
  t.equal(await run.outcome(), 255);
  t.match(run.lines[1], new RegExp(`^invalid \`\`port'' value:127.0.0.1:${port}`));
});

for (const path of ['a;b', 'a=b']) {
  t.test(`row 18: --path='${path}' is an error, since no worker could read it back`, async (t) => {
    const run = new FaultRun(t, [`--path=${path}`, ...program]);
    t.equal(await run.outcome(), 255);
    t.notOk(run.has(path), 'nothing is made');
  });
}

t.test('row 18: two sockets that SERVER_STARTER_PORT cannot tell apart get a warning', async (t) => {
  const port = `127.0.0.1:${String(await freePort())}`;
  const run = new FaultRun(t, [`--port=${port}`, `--port=${port.replace(':', ':u')}`, ...program]);
  t.equal(await run.outcome(), workerStarted);
  t.match(run.stderr, `warning: more than one socket is called "${port}" in SERVER_STARTER_PORT`);
  t.same(await run.stop(), success);
});

t.test('row 36: a second instance with the same pid file leaves the first one its path', async (t) => {
  const directory = room(t);
  const options = ['--path=s', '--pid-file=pid', ...program];
  const first = new FaultRun(t, options, { cwd: directory });
  await first.sees(/^starting new worker/);
  const path = join(directory, 's');
  const before = inode(path);
  const second = new FaultRun(t, options, { cwd: directory });
  await eventually('it gives up, or takes the path', () => !isAlive(second.pid) || inode(path) !== before);
  t.equal(inode(path), before);
  t.ok(addon.isAccepting(path));
  t.equal(await second.outcome(), 1);
  t.same(await first.stop(), success);
});
