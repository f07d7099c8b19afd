import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { probe } from '../helpers/processes/probe.js';
import { isAlive, Run, type Outcome } from '../helpers/running/starter.js';
import { staying } from '../helpers/running/status-run.js';

const success: Outcome = { code: 0, signal: null };

/** For tests that wait for an interval, which is long enough for a busy machine: they run side by side. */
const buffered = { buffered: true };
t.jobs = 8;

/** A run whose first worker is past its own start-up, so that its signals count. */
async function started(t: Test, options: readonly string[], program: readonly string[] = []): Promise<Run> {
  const run = new Run(t, [...options, '--', probe(), '-s', ...program]);
  await eventually('the word of the first worker', () => run.stdout !== '', { seen: () => run.stderr });
  return run;
}

const stops = [
  { signal: 'SIGTERM', options: [], log: 'received TERM, sending TERM to all workers:W1' },
  { signal: 'SIGINT', options: [], log: 'received INT, sending TERM to all workers:W1' },
  { signal: 'SIGQUIT', options: [], log: 'received QUIT, sending TERM to all workers:W1' },
  { signal: 'SIGTERM', options: ['--signal-on-term=sigquit'], log: 'received TERM, sending QUIT to all workers:W1' },
  { signal: 'SIGTERM', options: ['--signal-on-term=SIG015'], log: 'received TERM, sending 015 to all workers:W1' },
  { signal: 'SIGINT', options: ['--signal-on-term=QUIT'], log: 'received INT, sending TERM to all workers:W1' },
] as const;

for (const { signal, options, log } of stops) {
  t.test(`${signal} with ${options.join(' ') || 'no options'}: ${log}`, async (t) => {
    const run = await started(t, ['--interval=0', ...options]);
    run.signal(signal);
    t.same(await run.ended(), success);
    t.equal(
      run.story,
      `start_server (pid:S) starting now...\nstarting new worker W1\n${log}\nworker W1 died, status:0\nexiting\n`,
    );
    t.notOk(isAlive(run.workers[0] ?? 0));
  });
}

t.test('--signal-on-hup is what old workers get', async (t) => {
  const run = await started(t, ['--interval=0', '--signal-on-hup=usr1'], ['-q', 'USR1,TERM', '-x', '7']);
  run.signal('SIGHUP');
  await run.sees(/^new worker is now running, sending USR1 to old workers:\d+$/);
  await run.sees(/^old worker \d+ died, status:1792$/);
  await run.stop();
});

for (const signal of ['SIGUSR1', 'SIGALRM', 'SIGPIPE', 'SIGCHLD', 'SIGCONT', 'SIGWINCH'] as const) {
  t.test(`${signal} does nothing to a superdaemon, not even during an interval`, buffered, async (t) => {
    const run = await started(t, ['--interval=3']);
    run.signal(signal);
    run.signal('SIGHUP');
    await run.sees(/^received HUP/);
    run.signal(signal);
    t.same(await run.stop(), success);
    t.notMatch(run.story, /new worker is now running/);
  });
}

t.test('of a HUP and a TERM that come together none is lost', async (t) => {
  for (let round = 0; round < 20; round += 1) {
    const run = await started(t, ['--interval=0']);
    const [first, second] = round % 2 === 0 ? (['SIGHUP', 'SIGTERM'] as const) : (['SIGTERM', 'SIGHUP'] as const);
    run.signal('SIGSTOP');
    run.signal(first);
    run.signal(second);
    run.signal('SIGCONT');
    t.same(await run.ended(), success);
    t.match(run.story, /^received TERM, sending TERM to all workers:/m);
  }
});

t.test('five HUPs during a restart make one restart more', buffered, async (t) => {
  const run = await started(t, ['--interval=3']);
  run.signal('SIGHUP');
  await run.sees(/^received HUP/);
  for (let count = 0; count < 5; count += 1) run.signal('SIGHUP');
  await run.sees(/^killing old workers/);
  await run.stop();
  t.equal(run.workers.length, 3);
  t.equal(run.story.match(/^received HUP/gm)?.length, 2);
});

t.test('a worker that is signalled between fork and exec ends', async (t) => {
  for (let round = 0; round < 20; round += 1) {
    const run = new Run(t, ['--interval=0', '--', 'sleep', '100']);
    await run.sees(/^starting new worker/);
    t.same(await run.stop(), success);
  }
});

t.test('TERM ends a kill-old-delay at once', async (t) => {
  const run = await started(t, ['--interval=0', '--kill-old-delay=100']);
  run.signal('SIGHUP');
  await run.sees(/^sleeping 100 secs before killing old workers$/);
  t.same(await run.stop(), success);
  t.match(run.story, /^received TERM, sending TERM to all workers:(W1,W2|W2,W1)$/m);
  t.notMatch(run.story, /^killing old workers$/m);
});

t.test('TERM during the interval ends it at once, both generations are signalled', async (t) => {
  const run = await started(t, ['--interval=100']);
  t.same(await run.stop(), success);
  t.match(run.story, /^received TERM, sending TERM to all workers:W1\nworker W1 died, status:0\nexiting$/m);
});

t.test('TERM while no worker starts ends at once', async (t) => {
  const run = new Run(t, ['--interval=100', '--', 'false']);
  await run.sees(/^new worker \d+ seems to have failed to start, exit status:256$/);
  t.same(await run.stop(), success);
  t.match(run.story, /^received TERM, sending TERM to all workers:none\nexiting$/m);
});

t.test('signals during the shutdown are swallowed', async (t) => {
  const run = await started(t, ['--interval=0', ...staying]);
  run.signal('SIGTERM');
  await run.sees(/^received TERM/);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const) run.signal(signal);
  process.kill(run.workers[0] ?? NaN, 'SIGKILL');
  t.same(await run.ended(), success);
  t.equal(run.story.match(/^received/gm)?.length, 1);
  t.equal(run.workers.length, 1);
});
