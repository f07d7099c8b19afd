/** What a worker leaves behind that serves on: it is told, by the log, --show-status, --restart and --stop. */
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/place/ports.js';
import { room } from '../helpers/place/room.js';
import { example } from '../helpers/place/samples.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { failing } from '../helpers/running/first-worker.js';
import { inject, withoutStrace } from '../helpers/processes/strace.js';
import { isAlive, Run } from '../helpers/running/starter.js';

/** The shell ends at TERM, and not what it runs: neither execs the other. */
const throughShell = ['--', 'sh', '-c', `${process.execPath} ${example('http-worker.js')}; true`];
const direct = ['--', process.execPath, example('http-worker.js')];

function childOf(pid: number): number | undefined {
  const child = Number(procFile(pid, `task/${String(pid)}/children`).trim());
  return child > 0 ? child : undefined;
}

async function started(t: Test, words: readonly string[]): Promise<Run> {
  const how = ['--interval=0', '--pid-file=pid', '--status-file=st', '--control=c'];
  const run = new Run(t, [...how, `--port=127.0.0.1:${String(await freePort())}`, ...words], { cwd: room(t) });
  await eventually('a status file', async () => (await commanded(t, run, '--show-status', '--control=c')).code === 0);
  return run;
}

const roomOf = ({ pid }: Run) => ({ cwd: `/proc/${String(pid)}/cwd` });
const commanded = (t: Test, run: Run, ...words: readonly string[]) => failing(t, words, roomOf(run));

for (const way of [['--control=c'], ['--pid-file=pid', '--status-file=st']]) {
  t.test(`told at the end of the commands, by ${way[0] ?? ''}`, async (t) => {
    const run = await started(t, throughShell);
    const first = await eventually('a server', () => childOf(run.workers[0] ?? NaN));
    const restarted = await commanded(t, run, '--restart', ...way);
    t.match(restarted, {
      code: 0,
      stderr: `warning: processes that a worker has left serve on:${String(first)}; end them by kill `,
    });
    await run.sees(
      new RegExp(`^warning: processes that a worker has left serve on:${String(first)}; end them, and put exec`),
    );
    const shown = await commanded(t, run, '--show-status', '--control=c');
    t.match(shown.stdout, `left behind, and serving: ${String(first)}\n`);
    const second = await eventually('a server', () => childOf(run.workers[1] ?? NaN));
    const stopped = await commanded(t, run, '--stop', way[0] ?? '');
    t.match(stopped, {
      code: 0,
      stderr: `warning: processes that a worker has left serve on:${String(second)}; end them by kill `,
    });
    t.same([first, second].map(isAlive), [true, true]);
    for (const pid of [first, second]) process.kill(pid, 'SIGKILL');
  });
}

t.test('nothing is told of workers that leave nothing behind, nor with --process-group', async (t) => {
  for (const words of [direct, ['--process-group', ...throughShell]]) {
    const run = await started(t, words);
    t.notMatch((await commanded(t, run, '--restart', '--control=c')).stderr, /left/);
    t.notMatch((await commanded(t, run, '--show-status', '--control=c')).stdout, /left/);
    t.notMatch((await commanded(t, run, '--stop', '--control=c')).stderr, /left/);
    t.notMatch(run.stderr, /left/);
  }
});

t.test('where the system refuses a look at /proc, another is taken', { skip: withoutStrace }, async (t) => {
  const run = await started(t, throughShell);
  const [worker = NaN] = run.workers;
  const left = await eventually('a server', () => childOf(worker));
  await inject(t, run.pid, 'openat:error=EMFILE:when=1', '/proc');
  process.kill(worker, 'SIGTERM');
  await run.sees(new RegExp(`^warning: processes that a worker has left serve on:${String(left)};`));
  const second = await eventually('a server', () => childOf(run.workers[1] ?? NaN));
  run.signal('SIGTERM');
  await run.sees(/^exiting$/);
  // Until then they hold its standard error open.
  for (const pid of [left, second]) process.kill(pid, 'SIGKILL');
  t.same(await run.ended(), { code: 0, signal: null });
});
