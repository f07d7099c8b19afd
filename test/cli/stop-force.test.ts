/** A stop that is forced kills the workers that do not end, and says which. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { withoutNamespaces } from '../helpers/docs/doc-story.js';
import { probe } from '../helpers/processes/probe.js';
import { slowed, withoutStrace } from '../helpers/processes/strace.js';
import { room } from '../helpers/place/room.js';
import { Talk } from '../helpers/running/control-socket.js';
import { NamespaceRun } from '../helpers/running/namespace-run.js';
import { isAlive, Run } from '../helpers/running/starter.js';
import { eventually } from '../helpers/eventually.js';

const how = { skip: withoutStrace };
const apart = { skip: withoutNamespaces() };

const targets: Readonly<Record<string, string>> = {
  'its control socket': '--control=c',
  'its pid file': '--pid-file=p',
};
const times: readonly (readonly [when: string, options: string[]])[] = [
  ['at once', []],
  ['when the time is over', ['--timeout=1']],
];

for (const [where, target] of Object.entries(targets))
  for (const [when, options] of times)
    t.test(`through ${where}, ${when}`, async (t) => {
      const cwd = room(t);
      const run = new Run(t, ['--interval=0', target, '--', probe(), '-i', 'TERM', '-e', 'ignores'], { cwd });
      await eventually('the worker', () => existsSync(join(cwd, 'ignores')), { seen: () => run.stderr });
      const [, worker = ''] = await run.sees(/^starting new worker (\d+)/);
      const stop = new Run(t, ['--stop', '--force', target, ...options], { cwd });
      t.same(await stop.ended(), { code: 0, signal: null }, stop.stderr);
      t.match(stop.stderr, new RegExp(`^killing what has not ended: ${worker};`, 'm'));
      t.same(await run.ended(), { code: 0, signal: null });
      t.notOk(isAlive(Number(worker)));
    });

t.test('no process is killed by the number that a worker has in another namespace', apart, async (t) => {
  const cwd = room(t);
  const words = ['--interval=0', '--control=c', '--', probe(), '-i', 'TERM', '-e', 'ignores'];
  const run = new NamespaceRun(t, words, cwd);
  await eventually('the worker', () => existsSync(join(cwd, 'ignores')), { seen: () => run.stderr });
  const stop = new Run(t, ['--stop', '--force', '--control=c', '--timeout=1'], { cwd });
  t.same(await stop.ended(), { code: 124, signal: null });
  t.match(stop.stderr, /^no worker is killed, since start_server runs where processes have other numbers/m);
  t.notMatch(stop.stderr, /killing/);
  const [, worker = ''] = /pid=(\d+)/.exec(readFileSync(join(cwd, 'ignores'), 'latin1')) ?? [];
  t.ok(isAlive(await run.outside(Number(worker))), 'the worker ignores TERM, and lives');
});

t.test('one that ends in time is not killed', async (t) => {
  const cwd = room(t);
  const run = new Run(t, ['--interval=0', '--control=c', '--', probe(), '-x', '0', '-e', 'told'], { cwd });
  await eventually('the worker', () => existsSync(join(cwd, 'told')), { seen: () => run.stderr });
  const stop = new Run(t, ['--stop', '--force', '--control=c', '--timeout=80'], { cwd });
  t.same(await stop.ended(), { code: 0, signal: null });
  t.notMatch(stop.stderr, /killing/);
  t.same(await run.ended(), { code: 0, signal: null });
});

for (const kills of [1, 2])
  t.test(
    `killed at its ${kills === 1 ? 'first' : 'second'} KILL, it leaves an end that another one completes`,
    how,
    async (t) => {
      const cwd = room(t);
      const run = new Run(t, ['--interval=0', '--control=c', '--', probe(), '-i', 'TERM', '-e', 'ignores-%g'], { cwd });
      await eventually('the worker', () => existsSync(join(cwd, 'ignores-1')), { seen: () => run.stderr });
      run.signal('SIGHUP');
      await eventually('the new worker', () => existsSync(join(cwd, 'ignores-2')), { seen: () => run.stderr });
      await run.sees(/^killing old workers/);
      const under = slowed(`kill:retval=0:signal=KILL:when=${String(kills)}`);
      const stop = new Run(t, ['--stop', '--force', '--control=c'], { cwd, under });
      await stop.ended();
      await eventually('what is left, and told to end', async () => {
        const { status } = await new Talk(t, cwd, { command: 'status' }).line();
        const { state, workers } = status as { state: string; workers: unknown[] };
        return state === 'stopping' && workers.length === 3 - kills;
      });
      t.equal(run.workers.filter(isAlive).length, 3 - kills);
      t.same(await new Run(t, ['--stop', '--force', '--control=c'], { cwd }).ended(), { code: 0, signal: null });
      t.same(await run.ended(), { code: 0, signal: null });
      t.same(run.workers.filter(isAlive), []);
      t.notOk(existsSync(join(cwd, 'c')));
    },
  );
