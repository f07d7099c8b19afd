/** A --log-file that cannot be opened, and starts that fail when it is open. */
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { failing } from '../helpers/running/first-worker.js';
import { freePort, isFree } from '../helpers/place/ports.js';
import { workspace } from '../helpers/place/workspace.js';

const isRoot = process.getuid?.() === 0;
const asNobody = isRoot ? ['setpriv', '--reuid=65534', '--clear-groups', '--inh-caps=-all'] : [];
const program = ['--interval=0', '--', 'sleep', '100'];

/** A directory with things in it that are no log. */
function prepared(t: Test): string {
  const cwd = workspace(t);
  chmodSync(cwd, 0o777);
  mkdirSync(join(cwd, 'directory'));
  mkdirSync(join(cwd, 'closed'));
  chmodSync(join(cwd, 'closed'), 0o555);
  for (const name of ['file', 'read-only']) {
    writeFileSync(join(cwd, name), 'as it was');
    chmodSync(join(cwd, name), 0o444);
  }
  return cwd;
}

t.test('that it cannot be opened is said before anything else, and ends the start', async (t) => {
  const port = await freePort();
  const table: [path: string, reason: string, code: number][] = [
    ['no/log', 'No such file or directory', 2],
    ['directory', 'Is a directory', 21],
    ['directory/', 'Is a directory', 21],
    ['file/log', 'Not a directory', 20],
    ['closed/log', 'Permission denied', 13],
    ['read-only', 'Permission denied', 13],
    ['x'.repeat(300), 'File name too long', 36],
  ];
  for (const [path, reason, code] of table) {
    const cwd = prepared(t);
    const before = readdirSync(cwd);
    const options = [`--log-file=${path}`, `--port=${String(port)}`, '--path=s', '--pid-file=p', '--status-file=st'];
    const ended = await failing(t, [...options, ...program], { cwd, under: asNobody });
    t.same(ended, {
      code,
      stderr: `failed to open log file:${path}: ${reason}; let this user write to it, in a directory that exists\n`,
      stdout: '',
    });
    t.same(readdirSync(cwd), before, 'nothing was made');
    t.ok(await isFree(port));
  }
});

t.test('it is looked at before ports and paths are', async (t) => {
  for (const option of ['--port=abc', '--path=a;b']) {
    const { code, stderr } = await failing(t, [option, '--log-file=no/log', ...program], { cwd: workspace(t) });
    t.same(
      [code, stderr],
      [
        2,
        'failed to open log file:no/log: No such file or directory; let this user write to it, in a directory that exists\n',
      ],
    );
  }
});

t.test('and after options that make no sense', async (t) => {
  const cwd = workspace(t);
  for (const option of ['--interval=x', '--no-such']) {
    t.equal((await failing(t, [option, '--log-file=log', ...program], { cwd })).code, 1);
  }
  t.equal(
    (await failing(t, ['--log-file=log'], { cwd })).stderr,
    'server program not specified; give it after --, as in start_server [options] -- ./app\n',
  );
  t.same(readdirSync(cwd), []);
});

t.test('a start that fails with the log open leaves it empty, and is told on standard error', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const taken = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const table: [options: string[], message: RegExp, code: number][] = [
    [
      [`--port=${taken}`],
      /^failed to bind to 127\.0\.0\.1:\d+:Address already in use; process \d+ \(".+"\) has it: stop it, or give another --port\n$/,
      98,
    ],
    [['--path=no/s'], /^failed to listen to file no\/s:No such file or directory;/, 2],
    [['--port=abc'], /^invalid ``port'' value:abc; give PORT, HOST:PORT or \[IPV6\]:PORT\n$/, 255],
    [['--pid-file=no/p'], /^failed to open file:no\/p: No such file or directory;/, 2],
    [['--status-file=no/st'], /^failed to create temporary file:no\/st\.\d+:No such file or directory;/, 2],
  ];
  for (const [options, message, code] of table) {
    const cwd = workspace(t);
    const ended = await failing(t, ['--log-file=log', ...options, ...program], { cwd });
    const [first = '', ...rest] = ended.stderr.split(/(?<=\n)/);
    t.equal(first, 'start_server (pid:S) starting now...\n');
    t.match(rest.join(''), message);
    t.equal(ended.code, code);
    t.same(readdirSync(cwd), ['log']);
    t.equal(readFileSync(join(cwd, 'log'), 'latin1'), '');
  }
});
