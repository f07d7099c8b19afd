/** A daemon that cannot be started says why to its caller, as in the foreground, and leaves nothing behind. */
import { once } from 'node:events';
import { chmodSync, closeSync, constants, mkdirSync, openSync, readdirSync } from 'node:fs';
import { readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { childrenOf } from '../helpers/processes/children-of.js';
import { DaemonRun } from '../helpers/running/daemon-run.js';
import { eventually } from '../helpers/eventually.js';
import { failing } from '../helpers/running/first-worker.js';
import { processesBelow, room } from '../helpers/place/room.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { after } from '../helpers/running/shells.js';
import { isAlive } from '../helpers/running/starter.js';

const sleeping = ['--interval=0', '--', 'sleep', '100'];
const isRoot = process.getuid?.() === 0;
const under = isRoot ? ['setpriv', '--reuid=65534', '--clear-groups', '--inh-caps=-all'] : [];

async function takenPort(t: Test): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** A directory for anybody, with things in it that are in the way. */
function prepared(t: Test): string {
  const cwd = room(t);
  chmodSync(cwd, 0o777);
  mkdirSync(join(cwd, 'directory'));
  for (const [name, mode] of [['file', 0o644], ['closed', 0o600]] as const) {
    writeFileSync(join(cwd, name), 'as it was');
    chmodSync(join(cwd, name), mode);
  } // prettier-ignore
  return cwd;
}

t.test('the messages and the exit code are those of the foreground', async (t) => {
  const table: [options: string[], code: number][] = [
    [[`--port=${await takenPort(t)}`], 98],
    [['--port=abc'], 255],
    [['--port=127.0.0.1:0=7', '--port=127.0.0.1:0=7'], 255],
    [['--port=no-such-host.invalid:80'], 255],
    [['--path=no/s'], 2],
    [['--path=file'], 0],
    [[`--path=${'x'.repeat(200)}`], 0],
    [['--pid-file=no/pid'], 2],
    [['--pid-file=closed'], 13],
    [['--pid-file=directory'], 21],
    [['--status-file=no/st'], 2],
    [['--log-file=no/log'], 2],
    [['--log-file=closed'], 13],
    [['--log-file', '| /no/such/logger'], 2],
    [['--log-file', '|'], 32],
    [['--interval=x'], 1],
    [['--signal-on-hup=NONE'], 1],
  ];
  for (const [options, code] of table) {
    const cwd = prepared(t);
    const before = readdirSync(cwd);
    const words = ['--log-file=log', ...options, ...sleeping];
    const foreground = await failing(t, words, { cwd, under });
    const made = readdirSync(cwd).filter((name) => !before.includes(name));
    const daemonized = await failing(t, ['--daemonize', ...words], { cwd, under });
    const note = options.join(' ').slice(0, 40);
    const unnumbered = ({ stderr }: { stderr: string }) => stderr.replace(/(?<=\.)\d+(?=:)/g, 'PID');
    t.same(unnumbered(daemonized), unnumbered(foreground), note);
    t.equal(daemonized.code, foreground.code, note);
    if (code !== 0) t.equal(daemonized.code, code, note);
    t.not(daemonized.code, 0, note);
    t.equal(daemonized.stdout, '');
    await eventually('the end of the daemon', () => processesBelow(cwd).length === 0);
    t.same(readdirSync(cwd).filter((name) => !before.includes(name)), made); // prettier-ignore
  }
});

t.test('a pid file that another one holds stays its own', async (t) => {
  const first = new DaemonRun(t, ['--log-file=log', '--path=s', ...sleeping]);
  const daemon = await first.stands();
  const words = ['--daemonize', '--pid-file=pid', '--log-file=log2', '--path=s2', ...sleeping];
  const second = await failing(t, words, { cwd: first.directory });
  t.equal(second.code, 1);
  t.match(second.stderr, new RegExp(`\\nfailed to lock file:pid: process ${String(daemon)} holds it;`));
  t.equal(first.daemon, daemon);
  t.ok(isAlive(daemon));
  t.notOk(first.has('s2'));
  await first.stopDaemon();
});

t.test('without --log-file it is a usage error', async (t) => {
  const cwd = room(t);
  const ended = await failing(t, ['--daemonize', '--pid-file=pid', ...sleeping], { cwd });
  t.equal(ended.code, 255);
  t.match(ended.stderr, /^Usage: --log-file option must be specified together with --de[ae]monize\n$/);
  t.same(readdirSync(cwd), []);
});

t.test('what comes after the first fork is in the log', async (t) => {
  const table: [words: string[], line: RegExp][] = [
    [['--', '/no/such/program'], /^failed to exec \/no\/such\/program:No such file or directory$/],
    [['--dir=no', '--', 'sleep', '100'], /^failed to chdir:no:No such file or directory$/],
    [['--', 'false'], /^worker \d+ died unexpectedly with status:256, restarting$/],
  ];
  for (const [words, line] of table) {
    const run = new DaemonRun(t, ['--log-file=log', ...words]);
    await run.stands();
    await run.logs(line);
    t.equal(run.lines.length, 1);
    await run.stopDaemon();
  }
});

/** Past the forks of the foreground, and node again. */
function isDaemon(pid: number): boolean {
  try {
    const environment = procFile(pid, 'environ');
    const program = readlinkSync(`/proc/${String(pid)}/exe`);
    return environment.includes('SUPERDAEMON_DAEMON=') && program === realpathSync(process.execPath);
  } catch {
    return false; // it has ended
  }
}

/** A start that waits until somebody reads its log, a FIFO. */
async function waiting(t: Test): Promise<{ run: DaemonRun; daemon: number }> {
  const run = new DaemonRun(t, ['--log-file=fifo', '--', 'sleep', '100'], { under: after('mkfifo fifo') });
  const daemon = await eventually('the daemon', () => processesBelow(run.directory).find((pid) => isDaemon(pid)));
  return { run, daemon };
}

t.test('a daemon that is killed on the way is told of', async (t) => {
  const { run, daemon } = await waiting(t);
  t.ok(isAlive(run.pid));
  process.kill(daemon, 'SIGKILL');
  t.same(await run.ended(), { code: 70, signal: null });
  t.equal(
    run.stderr,
    'the daemon was killed before it had started a worker; look into its log and into that of the system\n',
  );
});

t.test('a foreground that is killed on the way does not keep the daemon from standing', async (t) => {
  const { run, daemon } = await waiting(t);
  run.signal('SIGTERM');
  await eventually('the end of the foreground', () => !isAlive(run.pid));
  const fifo = openSync(join(run.directory, 'fifo'), constants.O_RDONLY | constants.O_NONBLOCK);
  t.teardown(() => {
    closeSync(fifo);
  });
  await eventually('the pid file', () => run.daemon === daemon);
  await eventually('a worker', () => childrenOf(daemon).length === 1);
  t.same(await run.ended(), { code: null, signal: 'SIGTERM' });
  await run.stopDaemon();
});
