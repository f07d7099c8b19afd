import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { room } from '../helpers/place/room.js';
import { isAlive, Run } from '../helpers/running/starter.js';

/** Deaf to TERM; its child, which writes its pid to a file, is as deaf. */
const deaf = ['sh', '-c', 'trap "" TERM; sleep 100 >/dev/null 2>&1 & echo $! >child.$SERVER_STARTER_GENERATION; wait'];

t.test('an old worker that does not end is killed, and all at the end', async (t) => {
  const cwd = room(t);
  const run = new Run(t, ['--interval=0', '--stop-timeout=1', '--process-group', '--', ...deaf], { cwd });
  const child = (generation: number) => Number(pidIn(join(cwd, `child.${String(generation)}`)));
  await eventually('the first worker', () => child(1) > 0);
  run.signal('SIGHUP');
  await run.sees(/^worker \d+ has not ended 1 secs after TERM, sending KILL$/);
  await run.sees(/^old worker \d+ died, status:9$/);
  await eventually('the end of its child', () => !isAlive(child(1)));
  await eventually('the second worker', () => child(2) > 0);
  t.same(await run.stop(), { code: 0, signal: null });
  await eventually('the end of its child, too', () => !isAlive(child(2)));
  t.match(run.story, /worker W2 has not ended 1 secs after TERM, sending KILL\nworker W2 died, status:9\nexiting\n$/);
});

t.test('without a process group KILL reaches the worker alone', async (t) => {
  const cwd = room(t);
  const run = new Run(t, ['--interval=0', '--stop-timeout=0', '--', ...deaf], { cwd });
  const child = () => Number(pidIn(join(cwd, 'child.1')));
  await eventually('the worker', () => child() > 0);
  t.same(await run.stop(), { code: 0, signal: null });
  t.ok(isAlive(child()));
  process.kill(child(), 'SIGKILL');
});

t.test('what a worker leaves behind of its group is killed', async (t) => {
  const cwd = room(t);
  const leaving = ['sh', '-c', 'sleep 100 & echo $! >child.$SERVER_STARTER_GENERATION; exec sleep 100'];
  const run = new Run(t, ['--interval=0', '--process-group', '--', ...leaving], { cwd });
  const child = () => Number(pidIn(join(cwd, 'child.1')));
  await eventually('the worker', () => child() > 0);
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died, status:15$/);
  await eventually('the end of its child', () => !isAlive(child()));
  t.same(await run.stop(), { code: 0, signal: null });
});

t.test('Ctrl-C ends workers in groups of their own', async (t) => {
  const cwd = room(t);
  const run = new Run(t, ['--interval=0', '--process-group', '--', 'sleep', '100'], { cwd });
  await run.sees(/^starting new worker/);
  run.signal('SIGINT'); // a terminal sends it to the group in the foreground, where the worker is not
  t.same(await run.ended(), { code: 0, signal: null });
  t.match(run.story, 'received INT, sending TERM to all workers:W1\nworker W1 died, status:15\nexiting\n');
});

t.test('a service that cannot start ends with 69 after --max-failures, with growing pauses', async (t) => {
  const cwd = room(t);
  const run = new Run(t, ['--interval=1', '--max-pause=2', '--max-failures=3', '--path=a', '--', 'false'], { cwd });
  const begun = performance.now();
  t.same(await run.ended(), { code: 69, signal: null });
  t.ok(performance.now() - begun >= 3000, 'one second, then two');
  t.equal(run.workers.length, 3);
  t.notOk(existsSync(join(cwd, 'a')), 'no socket is left');
});

t.test('a failing deploy is given up, and the next one begins anew', async (t) => {
  const cwd = room(t);
  const failing = ['sh', '-c', '[ $SERVER_STARTER_GENERATION = 1 ] || exit 3; exec sleep 100'];
  const run = new Run(t, ['--interval=1', '--max-failures=2', '--', ...failing], { cwd });
  await run.sees(/^starting new worker/);
  run.signal('SIGHUP');
  await run.sees(/^giving up the restart after 2 failed starts in a row, worker \d+ goes on$/);
  run.signal('SIGHUP');
  await run.sees(/^giving up the restart/, 2);
  t.ok(isAlive(run.workers[0] ?? NaN));
  t.equal(run.workers.length, 5);
  await run.stop();
});

function pidIn(file: string): string {
  return existsSync(file) ? readFileSync(file, 'latin1').trim() : '';
}
