/** What a worker is given after an upgrade is what it was given before: sockets, descriptors, limits, signals, environment. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { room } from '../helpers/place/room.js';
import { freePort } from '../helpers/place/ports.js';
import { FaultRun, success } from '../helpers/running/faults.js';
import { isAlive, plainEnvironment, type RunOptions } from '../helpers/running/starter.js';
import { upgrade, withoutUpgrade } from '../helpers/running/upgrades.js';
import { parseDump, probe, type ProbeDump } from '../helpers/processes/probe.js';

/** All but what differs between any two workers. Sockets are told apart by their inodes. */
function comparable({ environ, process: { pid, ...facts }, ...dump }: ProbeDump) {
  return {
    pid: typeof pid,
    facts,
    environ: environ.map((entry) => entry.replace(/^(SERVER_STARTER_GENERATION)=.*/, '$1')),
    ...dump,
  };
}

/** A worker, two upgrades of which it notices nothing, and a second worker. */
async function isTheSame(t: Test, options: readonly string[], how: RunOptions): Promise<void> {
  const run = new FaultRun(
    t,
    ['--interval=0', ...options, '--', probe(), '-o', `${how.cwd ?? ''}/dump`, '-e', 'told'],
    how,
  );
  const before = parseDump(await run.appears('dump'));
  rmSync(join(run.directory, 'dump'));
  await upgrade(run);
  await upgrade(run, 2);
  t.equal(run.workers.length, 1);
  t.ok(isAlive(run.worker(1)));
  run.signal('SIGHUP');
  await eventually('the second worker', () => existsSync(join(run.directory, 'dump')), { seen: () => run.stderr });
  t.same(comparable(parseDump(run.read('dump'))), comparable(before));
  t.same(await run.stop(), success);
}

const shell = (script: string) => ['sh', '-c', `${script}; exec "$@"`, 'sh'];
const { PATH } = process.env;

const table: Record<
  string,
  {
    options?: readonly string[] | (() => Promise<readonly string[]>);
    under?: readonly string[];
    env?: NodeJS.ProcessEnv;
  }
> = {
  TCP: { options: ['--port=127.0.0.1:0'] },
  IPv6: { options: ['--port=[::1]:0'] },
  UDP: { options: ['--port=127.0.0.1:u0'] },
  'a unix socket': { options: ['--path=\u00e9 s'] },
  'a fixed descriptor': { options: async () => [`--port=127.0.0.1:${String(await freePort())}=9`, '--path=s'] },
  'several of all kinds': {
    options: ['--port=0', '--port=127.0.0.1:u0', '--path=a', '--path=b', '--port=127.0.0.1:0'],
  },
  'descriptors of the caller': { options: ['--port=127.0.0.1:0'], under: shell('exec 4</dev/null 7>x 9<&0') },
  'closed standard descriptors': { under: shell('exec <&- >&-') },
  limits: { under: ['prlimit', '--nofile=100:5000', '--core=0:0', '--stack=4000000'] },
  'ignored and blocked signals': { under: ['env', '--ignore-signal=HUP,USR2,PIPE', '--block-signal=USR1,WINCH,40'] },
  'bytes that are no UTF-8': {
    under: ['sh', '-c', 'A="$(printf "\\377")" exec env "B.C=$(printf "\\376")" "$@"', 'sh'],
  },
  'variables for node': { env: { NODE_OPTIONS: '--max-old-space-size=50', UV_THREADPOOL_SIZE: '1', NODE_DEBUG: 'x' } },
  'variables with names of our own': {
    env: { SUPERDAEMON_X: '1', SUPERDAEMON_KEPT_NODE_OPTIONS: 'y', ENVDIR: 'none' },
  },
  'a library of the caller': { env: { LD_PRELOAD: 'libutil.so.1' } },
  'an empty environment': { under: ['env', '-i', `PATH=${PATH ?? ''}`] },
  'another directory': { options: ['--dir=/'] },
  'another user, a umask and a niceness': { under: shell('umask 027; exec setpriv --clear-groups nice -n 3 "$@"') },
};

t.jobs = 4;
for (const [name, { options = [], under = [], env = {} }] of Object.entries(table))
  t.test(name, { buffered: true, skip: withoutUpgrade }, async (t) => {
    const words = typeof options === 'function' ? await options() : options;
    await isTheSame(t, words, { cwd: room(t), under, env: { ...plainEnvironment(), ...env } });
  });

t.test('an envdir: as it was read last, and a change is seen afterwards', { skip: withoutUpgrade }, async (t) => {
  const cwd = room(t);
  mkdirSync(join(cwd, 'env'));
  writeFileSync(join(cwd, 'env/A'), 'first');
  const words = ['--interval=0', '--envdir=env', '--auto-restart-interval=1', '--enable-auto-restart'];
  const run = new FaultRun(t, [...words, '--', 'sh', '-c', 'echo A=$A; exec sleep 99'], { cwd });
  await eventually('the first', () => run.stdout.includes('A=first'));
  await upgrade(run);
  writeFileSync(join(cwd, 'env/A'), 'second');
  await run.sees(/^starting new worker/, 2);
  await eventually('the second', () => run.stdout.includes('A=second'));
  t.same(await run.stop(), success);
});
