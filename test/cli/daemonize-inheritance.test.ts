/** What a daemon's worker is given is what it is given in the foreground. */
import { mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { DaemonRun } from '../helpers/running/daemon-run.js';
import { eventually } from '../helpers/eventually.js';
import { descriptors } from '../helpers/running/first-worker.js';
import { LoggedRun, type LoggedRunOptions } from '../helpers/running/logged-run.js';
import { script } from '../helpers/processes/native.js';
import { parseDump, probe, type ProbeDump } from '../helpers/processes/probe.js';
import { room } from '../helpers/place/room.js';
import { after } from '../helpers/running/shells.js';
import { isAlive, ours, plainEnvironment } from '../helpers/running/starter.js';

const PATH = process.env['PATH'] ?? '';
const probing = ['--log-file=log', '--interval=0', '--', probe(), '-o', 'dump'];

async function inForeground(t: Test, words: readonly string[], how: LoggedRunOptions): Promise<ProbeDump> {
  const run = new LoggedRun(t, words, how);
  await eventually('the worker', () => run.has('dump'), { seen: () => run.stderr + run.read() });
  const dump = parseDump(run.read('dump'));
  t.same(await run.stop(), { code: 0, signal: null });
  rmSync(join(run.directory, 'dump')); // the daemon makes its own
  return dump;
}

async function asDaemon(t: Test, words: readonly string[], how: LoggedRunOptions): Promise<ProbeDump> {
  const run = new DaemonRun(t, words, how);
  await run.stands();
  const dump = await run.dump();
  await run.stopDaemon();
  return dump;
}

/** A dump without what differs from one start to the next. */
function lasting({ environ, process, fds, ...rest }: ProbeDump) {
  const left = { pid: 0, ppid: 0, pgid: 0, sid: 0, hasTerminal: false };
  const others = [...fds].filter(([number]) => number !== 0);
  return { ...rest, environ: [...environ].sort(), process: { ...process, ...left }, fds: others };
}

/** Both under the same circumstances, in the same directory one after the other. */
async function same(t: Test, under: readonly string[], env: NodeJS.ProcessEnv = plainEnvironment()) {
  const how = { cwd: room(t), under, env };
  const [foreground, daemon] = [await inForeground(t, probing, how), await asDaemon(t, probing, how)];
  t.same(lasting(daemon), lasting(foreground));
  return daemon;
}

t.test('directory, umask, priority, limits', async (t) => {
  const preparation = 'mkdir -p d; cd d; umask 027; ulimit -Sn 500; ulimit -Hn 2000; ulimit -c 0; ulimit -s 4096';
  const how = { cwd: room(t), under: after(`${preparation}; exec nice -n 5 "$@"`) };
  const words = ['--log-file=../log', '--interval=0', '--', probe(), '-o', '../dump'];
  const foreground = await inForeground(t, words, how);
  const run = new DaemonRun(t, [...words.slice(0, 1), '--pid-file=../pid', ...words.slice(1)], how);
  await run.stands();
  const daemon = await run.dump();
  await run.stopDaemon();
  t.same(lasting(daemon), lasting(foreground));
  t.match(daemon.process, { cwd: join(how.cwd, 'd'), umask: 0o027, nice: 5 });
  t.same(daemon.limits.get('Max open files'), { soft: 500, hard: 2000 });
});

t.test('ignored and blocked signals', async (t) => {
  const [QUIT, USR1, USR2, PIPE] = [3, 10, 12, 13];
  const blocking = ['perl', '-e', 'use POSIX; sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGUSR2)); exec @ARGV', '--'];
  const daemon = await same(t, [...blocking, 'sh', '-c', 'trap "" HUP QUIT USR1 TERM; exec "$@"', 'sh']);
  t.same(daemon.process.ignored, [QUIT, USR1, PIPE]);
  t.same(daemon.process.blocked, [USR2]);
});

t.test('the environment, entry by entry', async (t) => {
  const odd = ['A.B=1', '1=3', 'EMPTY=', 'PWD=/elsewhere', 'OLDPWD=/before', '_=/bin/x', 'IFS=ab', 'NEWLINE=a\nb\n'];
  const forNode = ['NODE_OPTIONS=--require /no/such', 'NODE_EXTRA_CA_CERTS=/no', 'NODE_CHANNEL_FD=3', 'NODE_DEBUG=fs'];
  const outer = ['SERVER_STARTER_PORT=80=9', 'SERVER_STARTER_GENERATION=50', 'SERVER_STARTER_STATE=x'];
  const entries = [`PATH=${PATH}`, ...odd, ...forNode, ...outer];
  const only = ['sh', '-c', 'exec env -i "BYTES=$(printf "\\377\\303(")" "$@"', 'sh', ...entries];
  const daemon = await same(t, only);
  for (const entry of [...odd, ...forNode, 'BYTES=\xff\xc3(']) {
    t.ok(daemon.environ.includes(entry), entry);
  }
  t.same(daemon.environ.filter((entry) => entry.startsWith('SUPERDAEMON')), []); // prettier-ignore
});

t.test('descriptors that were inherited', async (t) => {
  const daemon = await same(t, after('exec 3</etc/passwd 7>>/dev/null 200</etc/passwd'));
  t.same(descriptors(daemon), [0, 1, 2, 3, 7, 200]);
  const all = await same(t, after('for n in 3 4 5 6 7 8 9 10; do eval "exec $n</etc/passwd"; done'));
  t.same(descriptors(all), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

t.test('standard descriptors that were closed', async (t) => {
  for (const redirections of ['<&-', '>&-', '2>&-', '<&- >&- 2>&-']) {
    const daemon = await asDaemon(t, probing, { under: after(`exec ${redirections}`) });
    t.same(descriptors(daemon), [0, 1, 2], redirections);
    t.equal(daemon.fds.get(0)?.target, '/dev/null');
  }
});

t.test('sockets are numbered around what was inherited', async (t) => {
  const under = after('exec 3</etc/passwd 5</etc/passwd');
  const daemon = await asDaemon(t, ['--port=127.0.0.1:0', '--port=127.0.0.1:0=9', ...probing], { under });
  t.same(descriptors(daemon), [0, 1, 2, 3, 4, 5, 9]);
  t.ok(daemon.environ.includes('SERVER_STARTER_PORT=127.0.0.1:0=4;127.0.0.1:0=9'));
});

t.test('arguments that are empty, odd, or not UTF-8', async (t) => {
  const words = `"$1" "\${@:2}" a$'\\377'b '' '*' "it's" $'two\\nlines' -- --daemonize`;
  const under = after(`set -- ${words} --path=$'s\\303('`);
  const run = new DaemonRun(t, probing, { under });
  await run.stands();
  const { argv } = await run.dump();
  t.same(argv.slice(3), ['a\xffb', '', '*', "it's", 'two\nlines', '--', '--daemonize', '--path=s\xc3(']);
  await run.stopDaemon();
});

t.test('the node beside the command that was called is that of the daemon, whatever PATH says', async (t) => {
  const cwd = room(t);
  for (const name of ['installed', 'other']) mkdirSync(join(cwd, name));
  script(join(cwd, 'other', 'node'), '#!/bin/sh\necho another node >&2\nexit 9\n');
  symlinkSync(ours.command, join(cwd, 'installed', 'start_server'));
  symlinkSync(process.execPath, join(cwd, 'installed', 'node'));
  const starter = { name: 'installed', command: join(cwd, 'installed', 'start_server') };
  const env = { ...plainEnvironment(), PATH: `${join(cwd, 'other')}:${PATH}` };
  const run = new DaemonRun(t, probing, { cwd, env, starter });
  const daemon = await run.stands();
  t.ok(isAlive(daemon));
  t.equal(readlinkSync(`/proc/${String(daemon)}/exe`), readlinkSync('/proc/self/exe'));
  t.equal(run.lines.length, 1);
  const { environ } = await run.dump();
  t.ok(environ.includes(`PATH=${env.PATH}`));
  t.same(environ.filter((entry) => entry.includes('SUPERDAEMON')), []); // prettier-ignore
  await run.stopDaemon();
});
