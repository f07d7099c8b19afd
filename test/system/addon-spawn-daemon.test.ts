import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon, type SpawnRequest } from '../../src/system/engine/addon.js';
import { eventually } from '../helpers/eventually.js';
import { callElsewhere, commandFor, ended, probed, request, script } from '../helpers/processes/native.js';
import { parseDump, probe, type ProbeDump } from '../helpers/processes/probe.js';
import { parentOf } from '../helpers/processes/processes.js';
import { isAlive } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';

/** A test that runs out of time ends without its teardown. */
const daemons = new Set<number>();
const killAll = (): void => {
  for (const pid of daemons) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  daemons.clear();
};
process.once('exit', killAll);

interface Daemon {
  /** The pid that spawn gave. */
  readonly leader: number;
  /** What the program found; it lives until the end of the test. */
  readonly dump: ProbeDump;
}

/** Spawns the probe as a daemon, and reaps the leader. */
async function daemon(t: Test, more: Partial<SpawnRequest> = {}): Promise<Daemon> {
  const file = join(workspace(t), 'dump');
  const leader = addon.spawn(request(probe(), ['-o', file], { daemon: true, ...more }));
  t.equal(await ended(leader), 0, 'the leader ends with 0');
  await eventually('the daemon', () => existsSync(file));
  const dump = parseDump(readFileSync(file, 'latin1'));
  daemons.add(dump.process.pid);
  t.teardown(killAll);
  return { leader, dump };
}

t.test('a daemon is in a session of its own and does not lead it', async (t) => {
  const { leader, dump } = await daemon(t);
  const { pid, sid, pgid } = dump.process;
  t.same([sid, pgid], [leader, leader]);
  t.not(pid, leader);
});

t.test('it is no child of ours, nor of the leader that has ended', async (t) => {
  const { leader, dump } = await daemon(t);
  const { pid } = dump.process;
  t.notOk([process.pid, leader].includes(parentOf(pid)), 'somebody else is its parent');
  t.notOk(existsSync(`/proc/${String(leader)}`), 'the leader leaves no zombie');
  t.throws(() => process.kill(leader, 0), { code: 'ESRCH' });
  t.equal(addon.waitpid(-1), undefined, 'no other child was made');
  t.ok(isAlive(pid));
});

t.test('it is told its own pid, not that of the leader', async (t) => {
  const { dump } = await daemon(t, { env: ['OWN='], pidVariable: 'OWN' });
  t.same(dump.environ, [`OWN=${String(dump.process.pid)}`]);
});

t.test('the rest of the plan is for the daemon', async (t) => {
  const [HUP, USR1, TERM] = [1, 10, 15];
  const directory = workspace(t);
  const output = openSync(join(directory, 'output'), 'a');
  const { dump } = await daemon(t, {
    env: ['A=1', 'B=\xff'],
    cwd: directory,
    fds: [[output, 1], [0, 7]],
    ignoredSignals: [HUP],
    blockedSignals: [USR1, TERM],
    softLimits: { nofile: 77 },
  }); // prettier-ignore
  closeSync(output);
  t.same(dump.environ, ['A=1', 'B=\xff']);
  t.equal(dump.process.cwd, directory);
  t.same([...dump.fds.keys()], [1, 7]);
  t.match(dump.fds.get(1), { target: join(directory, 'output'), append: true });
  t.same([dump.process.ignored, dump.process.blocked], [[HUP], [USR1, TERM]]);
  t.equal(dump.limits.get('Max open files')?.soft, 77);
});

t.test('what cannot be executed is told by the daemon, the leader has gone', async (t) => {
  const { status, stderr } = await callElsewhere('spawn', [request('/no/such', [], { daemon: true, fds: [] })]);
  t.equal(status, 0);
  t.equal(stderr, 'failed to exec /no/such:No such file or directory\n', 'on the standard error of the caller');
});

t.test('without daemon the program is our child', async (t) => {
  for (const more of [{}, { daemon: false }]) t.equal((await probed(t, more)).process.ppid, process.pid);
});

t.test('a terminal stays behind', async (t) => {
  const table: [note: string, more: Partial<SpawnRequest>, hasTerminal: boolean][] = [
    ['a child has it', {}, true],
    ['the leader of a new session has none', { newSession: true }, false],
    ['a daemon has none', { daemon: true }, false],
    ['a daemon in a new session is one', { newSession: true, daemon: true }, false],
  ];
  for (const [note, more, hasTerminal] of table) {
    t.equal((await inTerminal(t, more)).process.hasTerminal, hasTerminal, note);
  }
});

/** What a probe finds that was spawned by a process in a terminal. */
async function inTerminal(t: Test, more: Partial<SpawnRequest>): Promise<ProbeDump> {
  const directory = workspace(t);
  const file = join(directory, 'dump');
  const words = commandFor('spawn', [request(probe(), ['-o', file, '-d', '0'], more)]);
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const command = script(join(directory, 'command'), `#!/bin/sh\nexec ${quoted}\n`);
  execFileSync('script', ['-qec', command, join(directory, 'typescript')], { stdio: ['ignore', 'pipe', 'pipe'] });
  await eventually('the dump', () => existsSync(file));
  return parseDump(readFileSync(file, 'latin1'));
}
