/**
 * The system refuses something to the node that boots to go on with a run. There is no way back by then, and the workers
 * have nobody else: it is started again until it can go on.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { inject, withoutStrace } from '../helpers/processes/strace.js';
import { FaultRun, success } from '../helpers/running/faults.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { isAlive } from '../helpers/running/starter.js';
import { asleep, upgrade, withoutUpgrade } from '../helpers/running/upgrades.js';

const root = join(import.meta.dirname, '../..');
const words = ['--interval=0', '--port=127.0.0.1:0', '--path=s', '--pid-file=pid', '--control=c'];
const again = /^start_server: node has ended before it could go on with the run; it is started again in a second$/;

interface Refusal {
  readonly injection: string;
  readonly path?: string;
}

/** What node meets in this order: it aborts, uses a null pointer, or tells an error and exits. */
const refusals: Record<string, Refusal> = {
  'a loop for its own threads': { injection: 'epoll_create1:error=EMFILE:when=1' },
  'the loop of its main thread': { injection: 'epoll_create1:error=EMFILE:when=2' },
  'its script': { injection: 'openat:error=EIO:when=1', path: join(root, 'bin/start_server') },
  'the command': { injection: 'openat:error=EMFILE:when=1', path: join(root, 'dist/command.js') },
};

for (const [name, { injection, path }] of Object.entries(refusals))
  t.test(`refused: ${name}`, { skip: withoutUpgrade || withoutStrace }, async (t) => {
    const run = new FaultRun(t, [...words, '--', 'sleep', '99']);
    await run.sees(/^starting new worker/);
    const detach = await inject(t, run.pid, injection, path);
    await upgrade(run);
    await detach();
    t.equal(run.lines.filter((line) => again.test(line)).length, 1);
    run.signal('SIGHUP');
    await run.sees(/^old worker \d+ died, status:15$/);
    t.same(await run.stop(), success);
    t.notOk(run.has('s') || run.has('pid'));
  });

t.test('an image that goes on dies of a fault, or of ABRT, like any program', { skip: withoutUpgrade }, async (t) => {
  for (const signal of ['SIGABRT', 'SIGSEGV'] as const) {
    const run = new FaultRun(t, ['--interval=0', '--', 'sleep', '99']);
    await run.sees(/^starting new worker/);
    await upgrade(run);
    run.signal(signal);
    await run.until('its end', () => !isAlive(run.pid));
    for (const worker of run.workers) process.kill(worker, 'SIGKILL');
    t.same(await run.ended(), { code: null, signal });
  }
});

t.test('so does one that boots, when somebody sends it', { skip: withoutUpgrade || withoutStrace }, async (t) => {
  const run = new FaultRun(t, ['--interval=0', '--', 'sleep', '99']);
  await run.sees(/^starting new worker/);
  await inject(t, run.pid, 'epoll_create1:error=EMFILE:when=1+');
  run.signal('SIGUSR2');
  await run.sees(again);
  run.signal('SIGABRT');
  await run.until('its end', () => !isAlive(run.pid));
  for (const worker of run.workers) process.kill(worker, 'SIGKILL');
  t.same(await run.ended(), { code: null, signal: 'SIGABRT' });
});

t.test('who wants its end is not kept waiting', { skip: withoutUpgrade || withoutStrace }, async (t) => {
  const run = new FaultRun(t, ['--interval=0', '--', 'sleep', '99']);
  await run.sees(/^starting new worker/);
  await inject(t, run.pid, 'epoll_create1:error=EMFILE:when=1+');
  run.signal('SIGUSR2');
  await run.sees(again, 2);
  run.signal('SIGTERM');
  await run.until('its end', () => !isAlive(run.pid));
  for (const worker of run.workers) process.kill(worker, 'SIGKILL'); // nobody else is left to end it
  t.same(await run.ended(), { code: null, signal: 'SIGABRT' }, 'as node ends by itself');
});

t.test('one that sleeps wakes under a limit of open files that would keep node from its libraries', async (t) => {
  const run = new FaultRun(t, [...words, '--hibernate=0', '--', 'sleep', '99']);
  await run.sees(/^starting new worker/);
  await asleep(run.pid, () => run.stderr);
  execFileSync('prlimit', [`--pid=${String(run.pid)}`, '--nofile=6:']);
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died, status:15$/);
  await asleep(run.pid, () => run.stderr);
  t.notMatch(procFile(run.pid, 'limits'), /^Max open files +6 /m);
  t.same(await run.stop(), success);
});
