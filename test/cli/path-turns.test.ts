/** Several starts on one path take turns: one wins, and nobody else's socket is removed. */
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  lchownSync,
  openSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { eventually } from '../helpers/eventually.js';
import { failing, firstWorker } from '../helpers/running/first-worker.js';
import { probe } from '../helpers/processes/probe.js';
import { room } from '../helpers/place/room.js';
import { isAlive, Run } from '../helpers/running/starter.js';
import { slowed, withoutStrace } from '../helpers/processes/strace.js';

/** The file of a server that is gone. */
function staleSocket(path: string): void {
  closeSync(addon.openListener({ family: 'unix', type: 'stream', address: path, port: 0, backlog: 1 }));
}

const cases: readonly (readonly [
  option: '--path' | '--control',
  slow: string,
  before: 'a stale socket' | 'nothing',
])[] = [
  ['--path', '?unlink,?unlinkat:delay_enter=300000', 'a stale socket'],
  ['--path', 'bind:delay_exit=300000', 'a stale socket'],
  ['--path', 'bind:delay_exit=300000', 'nothing'],
  ['--path', 'listen:delay_enter=300000', 'a stale socket'],
  ['--path', 'listen:delay_enter=300000', 'nothing'],
  ['--control', '?unlink,?unlinkat:delay_enter=300000', 'a stale socket'],
  ['--control', 'listen:delay_enter=300000', 'nothing'],
];
for (const [option, slow, before] of cases) {
  const call = slow.replace(/^\?|[,:].*/g, '');
  t.test(
    `of four starts with one ${option} one wins, where ${before} was, and ${call} is slow`,
    { skip: withoutStrace },
    async (t) => {
      const cwd = room(t);
      if (before === 'a stale socket') staleSocket(join(cwd, 's'));
      const words = ['--interval=0', `${option}=s`, '--', probe()];
      const runs = Array.from({ length: 4 }, () => new Run(t, words, { cwd, under: slowed(slow) }));
      const isDecided = (run: Run) => run.workers.length > 0 || !isAlive(run.pid);
      await eventually('an end or a worker of each', () => runs.every(isDecided));
      const winners = runs.filter((run) => run.workers.length > 0);
      t.equal(winners.length, 1);
      for (const run of runs) if (!winners.includes(run)) t.match(await run.ended(), { code: 98 });
      t.ok(addon.isAccepting(join(cwd, 's')), 'the winner is not deaf');
      t.same(readdirSync(cwd), ['s'], 'and nothing else is left there');
      t.same(await winners[0]?.stop(), { code: 0, signal: null });
      t.same(readdirSync(cwd), []);
    },
  );
}

const program = ['--interval=0', '--', probe()];

/** The lock file of `s`, locked by this process until the test ends. */
function lockedFile(t: Test, cwd: string): string {
  const file = join(cwd, '.s.lock');
  const descriptor = openSync(file, 'w', 0o600);
  t.teardown(() => {
    closeSync(descriptor);
  });
  t.ok(addon.tryLock(descriptor));
  return file;
}

t.test('one that never ends its turn is told of, and nothing is touched', async (t) => {
  const cwd = room(t);
  lockedFile(t, cwd);
  const ended = await failing(t, ['--path=s', ...program], { cwd });
  t.match(ended, {
    code: 98,
    stderr:
      '\nfailed to open a socket at s:another process is about to do the same; see what holds the lock of file ./.s.lock, and try again\n',
  });
  t.same(readdirSync(cwd), ['.s.lock']);
});

t.test('a stop signal ends the wait for a turn', async (t) => {
  const cwd = room(t);
  lockedFile(t, cwd);
  const run = new Run(t, ['--path=s', ...program], { cwd });
  await run.sees(/^start_server/);
  t.same(await run.stop(), { code: 0, signal: null });
  t.same(readdirSync(cwd), ['.s.lock']);
});

t.test('what one left that was killed in its turn is used, and removed', async (t) => {
  const cwd = room(t);
  writeFileSync(join(cwd, '.s.lock'), '', { mode: 0o600 });
  staleSocket(join(cwd, 's'));
  const { run } = await firstWorker(t, ['--path=s'], { cwd });
  t.equal(run.lines[1], 'removing existing socket file:s');
  t.same(readdirSync(cwd), ['s']);
});

const skip = process.getuid?.() !== 0 && 'only root can be a second user';

t.test('a lock file of another user keeps nobody away for long', { skip }, async (t) => {
  for (const uid of [0, 54321]) {
    const cwd = room(t);
    chmodSync(cwd, 0o1777);
    const file = lockedFile(t, cwd);
    chownSync(file, 54322, 54322);
    const under = uid === 0 ? [] : ['setpriv', `--reuid=${String(uid)}`, '--clear-groups'];
    const run = new Run(t, ['--path=s', ...program], { cwd, under });
    await run.sees(/^starting new worker/);
    t.same(await run.stop(), { code: 0, signal: null });
    t.ok(existsSync(file), 'and stays');
  }
});

t.test('a link in the place of the lock file leads nowhere', { skip }, async (t) => {
  const cwd = room(t);
  chmodSync(cwd, 0o1777);
  symlinkSync('victim', join(cwd, '.s.lock'));
  lchownSync(join(cwd, '.s.lock'), 54322, 54322);
  const run = new Run(t, ['--path=s', ...program], { cwd });
  await run.sees(/^starting new worker/);
  t.same(readdirSync(cwd).sort(), ['.s.lock', 's']);
  t.same(await run.stop(), { code: 0, signal: null });
});
