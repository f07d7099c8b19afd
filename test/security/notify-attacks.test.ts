/** What a worker, or whoever runs as its user, does to the notify socket, and that nothing else waits for it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { longestText, mostTexts } from '../../src/core/loop/worker-words.js';
import { eventually } from '../helpers/eventually.js';
import { allow, attackingWorker, notifyAttack } from '../helpers/reliability/notify-attack.js';
import { atRest } from '../helpers/processes/processes.js';
import { room } from '../helpers/place/room.js';
import { Run } from '../helpers/running/starter.js';

/** A superdaemon in a directory of its own, with a worker in sh that is attacking. */
function attacked(t: Test, lines: string): Run & { readonly directory: string } {
  const cwd = room(t);
  const run = new Run(t, ['--interval=0', '--ready=notify', ...attackingWorker(cwd, lines)], { cwd });
  return Object.assign(run, { directory: cwd });
}

/** Everything that a superdaemon has to do besides. */
async function goesOn(t: Test, run: Run): Promise<void> {
  const [worker = NaN] = run.workers;
  run.signal('SIGHUP');
  await run.sees(/^new worker \d+ is ready$/, 2);
  await run.sees(new RegExp(`^old worker ${String(worker)} died`));
  process.kill(run.workers[1] ?? NaN, 'SIGKILL');
  await run.sees(/^worker \d+ died unexpectedly/);
  t.same(await run.stop(), { code: 0, signal: null });
}

t.test('200 sockets over which close(2) would wait for ten minutes, in one message', async (t) => {
  const run = attacked(
    t,
    `say
if [ $generation = 1 ]; then (wait_for go; exec $attack attach "$NOTIFY_SOCKET" STATUS=hello 200 >sent 2>refused) & fi
exec sleep 100`,
  );
  await run.sees(/is ready$/);
  // Its own close must be the last one, so the message is not taken before the sender has closed them.
  run.signal('SIGSTOP');
  allow(run.directory, 'go');
  const sent = join(run.directory, 'sent');
  await eventually('the message', () => existsSync(sent) && readFileSync(sent, 'latin1') === 'sent\n');
  run.signal('SIGCONT');
  await run.sees(/says: hello$/);
  await goesOn(t, run);
});

t.test('messages without end', async (t) => {
  for (const text of ['READY=1', 'X=1', '']) {
    const flood = `$attack send "$NOTIFY_SOCKET" '${text}' 0 &`;
    const run = attacked(t, `say\n${flood}\n${flood}\nexec sleep 100`);
    await run.sees(/is ready$/);
    await goesOn(t, run);
    const told = run.lines.filter((line) => line.endsWith('is ready'));
    t.same(told, [...new Set(told)], 'each worker once');
  }
});

t.test('texts without end, and one that is too long', async (t) => {
  const long = `$attack attach "$NOTIFY_SOCKET" "STATUS=$(head -c 2000 /dev/zero | tr '\\0' y)" 0 >/dev/null 2>&1 &`;
  const flood = '$attack send "$NOTIFY_SOCKET" STATUS=x 0 &';
  const run = attacked(t, `if [ $generation = 1 ]; then ${long}\nwait_for go; ${flood} fi\nsay; exec sleep 100`);
  await run.sees(/says: y/);
  allow(run.directory, 'go');
  const begun = performance.now();
  await run.sees(/says: x$/, mostTexts + 1);
  await goesOn(t, run);
  const seconds = (performance.now() - begun) / 1000;
  const texts = run.lines.filter((line) => line.endsWith('says: x')).length;
  t.ok(texts <= mostTexts + seconds + 1, `${String(texts)} in ${String(seconds)} s`);
  t.match(run.stderr, new RegExp(`says: y{${String(longestText)}}\n`));
  t.equal(run.lines.filter((line) => line.includes('says too much, some of it is left out')).length, 1);
});

/** The pids in its log are those of another namespace. */
class Elsewhere extends Run {
  override get workers(): number[] {
    return [];
  }
}

const namespace = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
const mayUnshare = spawnSync(namespace[0] ?? '', [...namespace.slice(1), 'true']).status === 0;
const skip = !mayUnshare && 'no pid namespace can be made here';

t.test('a message from another pid namespace, which is nobody here, hides none behind it', { skip }, async (t) => {
  const cwd = room(t);
  const lines = 'echo "$NOTIFY_SOCKET" >name.new; mv name.new name; wait_for go';
  const words = attackingWorker(cwd, `${lines}; exec $attack attach "$NOTIFY_SOCKET" READY=1 0 >sent`);
  const run = new Elsewhere(t, ['--interval=0', '--ready=notify', ...words], { cwd, under: namespace });
  const file = (name: string): string => readFileSync(join(cwd, name), 'latin1').trim();
  await eventually('the name', () => existsSync(join(cwd, 'name')));
  const inside = Number(execFileSync('pgrep', ['-P', String(run.pid)], { encoding: 'latin1' }));
  await atRest(inside); // or something else would have it look again
  process.kill(inside, 'SIGSTOP');
  execFileSync(notifyAttack(), ['send', file('name'), 'READY=1', '1']);
  allow(cwd, 'go');
  await eventually('the message of the worker', () => existsSync(join(cwd, 'sent')) && file('sent') === 'sent');
  t.notMatch(run.stderr, 'is ready');
  process.kill(inside, 'SIGCONT');
  await run.sees(/^new worker \d+ is ready$/);
  process.kill(inside, 'SIGTERM');
  t.same(await run.ended(), { code: 0, signal: null });
});
