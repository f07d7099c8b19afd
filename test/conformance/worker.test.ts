import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { compiled } from '../helpers/place/compile.js';
import { eventually } from '../helpers/eventually.js';
import { parseDump, probe, type ProbeDump, type ProbedDescriptor } from '../helpers/processes/probe.js';
import { original, ours, Run, type RunOptions, type Starter } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';

interface Scenario extends Omit<RunOptions, 'starter'> {
  readonly args?: readonly string[];
  readonly program?: readonly string[];
}

const shell = (script: string) => ['sh', '-c', `${script}; exec "$@"`, 'sh'];
const perl = (script: string) => ['perl', '-MPOSIX', '-e', `${script}; exec @ARGV`];
const environ = (entries: string[]) => [compiled('exec_environ', ['exec_environ.c'], []), ...entries, '--'];
const path = `PATH=${process.env['PATH'] ?? ''}`;
const sockets = ['--port=127.0.0.1:0', '--port=u0', '--port=[::1]:0', '--path=a.sock'];

const scenarios: Record<string, Scenario> = {
  'no socket': {},
  'sockets of every kind': { args: sockets },
  'fixed descriptors': { args: ['--port=127.0.0.1:0=9', '--port=127.0.0.2:0=100', '--port=127.0.0.3:0=30'] },
  'a lowered soft descriptor limit': { args: sockets, under: ['prlimit', '--nofile=77:999'] },
  'other limits, nice and umask': { under: [...shell('umask 0127; ulimit -c 0; ulimit -Ss 4096'), 'nice', '-n', '7'] },
  'ignored signals': { under: shell(`trap '' HUP INT QUIT TERM USR1 USR2 ALRM CHLD PIPE WINCH`) },
  'signals blocked by the caller': {
    under: perl('sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGHUP, SIGUSR1, SIGCHLD, SIGQUIT))'),
  },
  'arguments with every byte': {
    program: ['', ' ', 'a b', '*', "'", '"', '\\', '$HOME', 'tab\there', 'line\nend', '--'],
  },
  'arguments that are not UTF-8': { under: shell(`set -- "$@" "$(printf 'x\\377\\303')" "$(printf '\\200')"`) },
  'an environment that is not UTF-8': { under: environ([path, 'BYTES=\\xff\\xc3\\x80 \\x01', 'EMPTY=', 'A=b=c']) },
  'names that shells drop': { under: environ([path, 'A.B=dot', 'a-b=dash', '1=one', ' =blank', 'x y=z']) },
  'entries given twice or without a value': { under: environ([path, 'TWICE=1', 'NOVALUE', 'TWICE=2', '=odd']) },
  'no PWD, no shell variables': { under: environ([path]) },
  'an unusual PWD and SHLVL': { under: environ([path, 'PWD=/nonsense', 'OLDPWD=/x', 'SHLVL=7', '_=under']) },
  'variables meant for node workers': {
    under: environ([
      path,
      'NODE_OPTIONS=--no-such-option',
      'NODE_EXTRA_CA_CERTS=/no/such',
      'NODE_CHANNEL_FD=',
      'NODE_DEBUG=fs',
    ]),
  },
  'variables left by an outer start_server': {
    under: environ([path, 'SERVER_STARTER_PORT=1=9', 'SERVER_STARTER_GENERATION=44', 'KILL_OLD_DELAY=3']),
  },
  'variables set by options': {
    args: ['--envdir=none', '--enable-auto-restart', '--kill-old-delay=1_0', '--auto-restart-interval=007'],
  },
  'inherited descriptors': { args: ['--port=127.0.0.1:0'], under: shell('exec 6</dev/null 7>/dev/null') },
  'inherited descriptors beyond the first gap': {
    under: perl('open my $f, "<", "/dev/zero"; for (40, 41, 60) { POSIX::dup2(fileno $f, $_) }'),
  },
  'a directory': { args: ['--dir=/', '--path=rel.sock'] },
};

const reference = original();

for (const [name, scenario] of Object.entries(scenarios)) {
  t.test(`the worker finds the same with ${name}`, { skip: reference ? false : 'no Perl start_server' }, async (t) => {
    const [expected, found] = await Promise.all([observe(t, scenario, reference), observe(t, scenario, ours)]);
    t.same(found, expected);
  });
}

async function observe(t: Test, scenario: Scenario, starter: Starter | undefined) {
  if (starter === undefined) throw new Error('no start_server to observe');
  const cwd = workspace(t);
  const { args = [], program = [], ...options } = scenario;
  const words = ['--interval=0', ...args, '--', probe(), '-o', join(cwd, 'dump'), ...program];
  const run = new Run(t, words, { cwd, ...options, starter });
  const dump = await eventually('the dump of the probe', () => readDump(join(cwd, 'dump')), { seen: () => run.stderr });
  if (run.workers.length > 0 && !dump.process.blocked.includes(1)) await run.stop();
  const facts = comparable(dump, run.pid, starter === ours ? 0 : 1);
  return JSON.parse(JSON.stringify(facts).replaceAll(cwd, 'CWD')) as unknown;
}

function readDump(file: string): ProbeDump | undefined {
  try {
    return parseDump(readFileSync(file, 'latin1'));
  } catch {
    return undefined; // not written yet
  }
}

/** The original's own numbers start at 4 where ours start at 3; nothing else may differ but names of the moment. */
function comparable({ argv, environ, process, limits, fds }: ProbeDump, superdaemon: number, offset: number) {
  const { pid, ppid, ...facts } = process;
  const moved = (number: number, { mode }: ProbedDescriptor) =>
    (mode & 0o170000) === 0o140000 && number > 2 && number < 9 ? number - offset : number;
  return {
    argv: argv.map((word) => (word.endsWith('/probe') ? 'probe' : word)),
    isChild: pid > 0 && ppid === superdaemon,
    environ: environ
      .map((entry) =>
        entry.startsWith('SERVER_STARTER_PORT=')
          ? entry.replace(/=([4-8])(?=;|$)/g, (_, n: string) => `=${String(Number(n) - offset)}`)
          : entry,
      )
      .sort(),
    process: facts,
    limits: [...limits],
    fds: [...fds]
      .map(([number, fd]) => ({ number: moved(number, fd), ...steady(fd) }))
      .sort((a, b) => a.number - b.number),
  };
}

function steady({ target, name, options, ...facts }: ProbedDescriptor) {
  const { SO_REUSEADDR: reuse, ...others } = options;
  return {
    ...facts,
    target: target.replace(/\[\d+\]/, '[inode]'),
    name: name?.replace(/:\d+$/, ':port'),
    // The original sets it on UDP sockets too, which lets a second instance take the traffic.
    options: others['SO_TYPE'] === 2 ? others : { ...others, SO_REUSEADDR: reuse },
  };
}
