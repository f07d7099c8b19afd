/** What commands say of a superdaemon that is suspended, and that it does what it was asked for when it goes on. */
import t from 'tap';
import { saidBy } from '../helpers/running/control.js';
import { commanding, controlled } from '../helpers/running/control-socket.js';
import { success } from '../helpers/running/faults.js';
import { isAlive, Run } from '../helpers/running/starter.js';
import { staying } from '../helpers/running/status-run.js';
import { eventually } from '../helpers/eventually.js';

t.jobs = 4;

const timeout = 124;

const times: readonly (readonly [options: string[], secs: string])[] = [
  [['--timeout=1'], 'the server process has not answered within 1 secs, and no worker was killed; '],
  [[], 'the server process has not answered within 30 secs, and no worker was killed; '],
];

for (const [options, said] of times)
  t.test(`a forced stop through its control socket ${options.join(' ')}`, async (t) => {
    const run = await controlled(t);
    run.signal('SIGSTOP');
    const stop = await saidBy(commanding(t, ['--stop', '--force', ...options], run.directory));
    t.equal(stop.code, timeout);
    t.ok(stop.stderr.startsWith(said), stop.stderr);
    t.same(run.workers.filter(isAlive), run.workers);
    run.signal('SIGCONT');
    t.same(await run.ended(), success);
  });

t.test('a forced stop through its pid file', async (t) => {
  const run = await controlled(t);
  run.signal('SIGSTOP');
  const stop = await saidBy(new Run(t, ['--stop', '--force', '--pid-file=pid'], { cwd: run.directory }));
  t.equal(stop.code, timeout);
  const [, killing = '', last = ''] = stop.stderr.split('\n');
  t.match(killing, /^killing what has not ended: \d+;/);
  t.match(last, /^the server process has not ended within 30 secs after its workers were killed; /);
  run.signal('SIGCONT');
  t.same(await run.ended(), success);
});

t.test('a forced stop during which it goes on: what it starts before it sees the TERM is killed, too', async (t) => {
  const run = await controlled(t, [], { options: staying });
  run.signal('SIGSTOP');
  const stop = new Run(t, ['--stop', '--force', '--pid-file=pid'], { cwd: run.directory });
  await eventually('the first KILL', () => /^killing/m.test(stop.stderr));
  run.signal('SIGCONT');
  t.same(await stop.ended(), success, stop.stderr);
  t.same(await run.ended(), success);
});

t.test('a cancel', async (t) => {
  const run = await controlled(t, [], { options: ['--kill-old-delay=80'] });
  run.signal('SIGHUP');
  await run.sees(/^sleeping 80 secs/);
  run.signal('SIGSTOP');
  const cancel = await saidBy(commanding(t, ['--cancel', '--timeout=1'], run.directory));
  t.equal(cancel.code, timeout);
  t.match(cancel.stderr, /^the server process has not answered within 1 secs; /);
  run.signal('SIGCONT');
  await run.says('1:W1');
  await eventually('the new worker has ended', () => run.workers.filter(isAlive).length === 1);
  t.same(await run.stop(), success);
});
