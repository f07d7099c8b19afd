/** A child comes by vfork, so that the heap costs nothing; where that cannot be, or fails, by fork. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { compiled } from '../helpers/place/compile.js';
import { callElsewhere, commandFor, ended, request } from '../helpers/processes/native.js';
import { withoutStrace } from '../helpers/processes/strace.js';
import { TestPipe } from '../helpers/output/test-pipe.js';
import { workspace } from '../helpers/place/workspace.js';

const [EPERM, EAGAIN, EINVAL, ENOSYS] = [1, 11, 22, 38];
const notExecuted = { status: 255 * 256, stderr: 'failed to exec /no/such:No such file or directory\n' };

/** The calls by which a process that makes one spawn made children, threads left out. */
function forks(t: Test, wanted: ReturnType<typeof request>): string[] {
  const trace = join(workspace(t), 'trace');
  const traced = ['strace', '-f', '-o', trace, '-e', 'trace=fork,vfork,clone,clone3', ...commandFor('spawn', [wanted])];
  const [command = '', ...words] = traced;
  execFileSync(command, words, { env: {}, stdio: 'pipe' });
  const calls = readFileSync(trace, 'latin1').matchAll(/^\d+ +((?:v?fork|clone3?)\(.*)/gm);
  return Array.from(calls, ([, call = '']) => call).filter((call) => !call.includes('CLONE_THREAD'));
}

t.test('no page table is copied for a worker', { skip: withoutStrace }, (t) => {
  const [worker = '', ...others] = forks(t, request('/bin/true', []));
  t.match(worker, /^vfork|CLONE_VM\|CLONE_VFORK/);
  t.same(others, []);
  const daemon = forks(t, request('/bin/true', [], { daemon: true }));
  t.notMatch(daemon.join('\n'), /vfork/i, 'the leader of a daemon forks again and shares no memory');
  t.end();
});

t.test('where there is no vfork, a child comes by fork', async (t) => {
  for (const errno of [EPERM, EINVAL, ENOSYS]) {
    const refuse: [string, number] = ['vfork', errno];
    t.match(await callElsewhere('spawn', [request('/bin/true', [])], { refuse }), { status: 0, stderr: '' });
    t.match(await callElsewhere('spawn', [request('/no/such', [])], { refuse }), notExecuted);
  }
});

t.test('a failure is told by a child that came by fork; where that is refused, nobody tells', async (t) => {
  const { error, stderr } = await callElsewhere('spawn', [request('/no/such', [])], { refuse: ['clone', EAGAIN] });
  t.match(error, { code: 'EAGAIN', syscall: 'fork' });
  t.equal(stderr, '');
});

t.test('descriptors are mapped anew by the second child', async (t) => {
  const swapped = request('/no/such', [], { fds: [[0, 2], [2, 0], [1, 1]] }); // prettier-ignore
  t.match(await callElsewhere('spawn', [swapped]), notExecuted);
});

t.test('a child is not done over where vfork is fork in truth, and suspends nobody', async (t) => {
  const env = { LD_PRELOAD: compiled('vfork-is-fork.so', ['vfork-is-fork.c'], ['-shared', '-fPIC']) };
  t.match(await callElsewhere('spawn', [request('/bin/true', [])], { env }), { status: 0, stderr: '' });
  t.match(await callElsewhere('spawn', [request('/no/such', [])], { env }), notExecuted, 'told, and once');
});

/** Runs `act` with a pipe that nobody reads, and that is full, as the descriptor 2 of this process. */
function withFullLog<T>(t: Test, act: () => T): T {
  const ASIDE = 900;
  const pipe = new TestPipe(t);
  pipe.fill();
  addon.dup2(2, ASIDE);
  addon.dup2(pipe.writing, 2);
  try {
    return act();
  } finally {
    addon.dup2(ASIDE, 2);
  }
}

t.test('nobody waits for the reader of a full log: the superdaemon not at all, the child half a second', async (t) => {
  // Would not come back if a suspending child wrote; and the second one would stay as long as a worker that serves.
  const pid = withFullLog(t, () => addon.spawn(request('/no/such', [])));
  t.equal(await ended(pid), notExecuted.status);
  t.equal(addon.waitpid(-1), undefined, 'the first child is reaped');
});

t.test('the child gives up also where the caller had blocked its alarm', async (t) => {
  const SIGALRM = 14;
  const pid = withFullLog(t, () => addon.spawn(request('/no/such', [], { blockedSignals: [SIGALRM] })));
  t.equal(await ended(pid), notExecuted.status);
});
