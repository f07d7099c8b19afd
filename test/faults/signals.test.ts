/** No signal is lost, at whatever moment it comes, and none ends the superdaemon by its default action. */
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { FaultRun, stateOf, success } from '../helpers/running/faults.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { slowed, withoutStrace } from '../helpers/processes/strace.js';

const forever = ['--', 'sleep', '99'];

for (const [first, stop] of [
  ['HUP', 'TERM'],
  ['HUP', 'INT'],
  ['ALRM', 'TERM'],
] as const) {
  t.test(`row 01: of ${first} and ${stop} that are pending together, ${stop} is not lost`, async (t) => {
    for (let round = 0; round < 5; round += 1) {
      const run = new FaultRun(t, ['--interval=0', '--status-file=st', ...forever]);
      await run.appears('st');
      await run.idle();
      run.signal('SIGSTOP');
      await run.until('it stands still', () => stateOf(run.pid).startsWith('T'));
      run.signal(`SIG${first}`);
      run.signal(`SIG${stop}`);
      run.signal('SIGCONT');
      t.same(await run.ended(), success);
      t.match(run.story, new RegExp(`^received ${stop}, sending TERM to all workers:W\\d`, 'm'));
    }
  });
}

t.test(
  'row 20: TERM during the start-up ends it, and the socket file is removed',
  { skip: withoutStrace },
  async (t) => {
    const run = new FaultRun(t, ['--path=s', ...forever], { under: slowed('listen:delay_enter=1000000') });
    await run.until('the socket is bound', () => run.has('s'));
    run.signal('SIGTERM');
    t.same(await run.ended(), success);
    t.same(readdirSync(run.directory), []);
  },
);

t.test('row 21: QUIT is handled like INT', async (t) => {
  const run = new FaultRun(t, ['--interval=0', '--path=s', '--pid-file=pid', '--status-file=st', ...forever]);
  await run.appears('st');
  run.signal('SIGQUIT');
  await run.sees(/^received QUIT, sending TERM to all workers:\d+$/);
  t.same(await run.ended(), success);
  t.match(run.story, /^worker W1 died, status:15\nexiting$/m);
  t.same(readdirSync(run.directory), []);
});

for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) {
  t.test(`row 21: ${signal} does not end the superdaemon`, async (t) => {
    const run = new FaultRun(t, ['--interval=0', ...forever]);
    await run.idle();
    await run.deliver(signal);
    run.signal('SIGTERM');
    t.same(await run.ended(), success);
  });
}

t.test('row 21: USR1 reopens the log file', async (t) => {
  const run = new FaultRun(t, ['--interval=0', '--log-file=log', ...forever]);
  await run.until('the first worker', () => run.read('log').includes('starting new worker'));
  renameSync(join(run.directory, 'log'), join(run.directory, 'log.1'));
  run.signal('SIGUSR1');
  await run.until('a log file of that name', () => run.has('log'));
  run.signal('SIGTERM');
  t.same(await run.ended(), success);
  t.match(run.read('log'), /^received TERM, /m);
  t.notMatch(run.read('log.1'), /received TERM/);
});

/** The original sets an alarm before it waits; what comes from then until the wait is slept over. */
const beforeTheWait = ['alarm:delay_exit=1300000', 'epoll_wait,epoll_pwait:delay_enter=100000'];
const [alarm, epollWait, epollPwait] = [37, 232, 281];
const automatic = ['--interval=0', '--enable-auto-restart', '--kill-old-delay=0'];

t.test('row 31: a signal that comes just before the wait ends the wait', { skip: withoutStrace }, async (t) => {
  const under = slowed(...beforeTheWait);
  const run = new FaultRun(t, [...automatic, '--auto-restart-interval=100', ...forever], { under });
  await run.sees(/^starting new worker/);
  const waiting = new RegExp(`^(${[alarm, epollWait, epollPwait].join('|')}) `);
  await run.until('it is about to wait', () => waiting.test(procFile(run.pid, 'syscall')));
  run.signal('SIGTERM');
  t.same(await run.ended(), success);
});

t.test('row 32: a signal for a worker between its fork and its exec reaches it', { skip: withoutStrace }, async (t) => {
  const under = slowed('chdir:delay_enter=500000');
  const run = new FaultRun(t, ['--interval=0', '--dir=.', ...forever], { under });
  await run.sees(/^starting new worker/);
  run.signal('SIGTERM');
  t.same(await run.ended(), success);
  t.match(run.story, /^worker W1 died, status:15$/m);
});

t.test('row 34: auto restart goes on after a moment in which nothing ran', { skip: withoutStrace }, async (t) => {
  const under = slowed(...beforeTheWait);
  const run = new FaultRun(t, [...automatic, '--auto-restart-interval=1', ...forever], { under });
  await run.sees(/^autorestart triggered \(interval=1\)$/, 2);
  t.same(await run.stop(), success);
});
