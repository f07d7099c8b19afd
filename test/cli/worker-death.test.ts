import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { probe } from '../helpers/processes/probe.js';
import { isAlive, Run } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';

const deaths = [
  { program: ['-d', '0', '-x', '0'], status: 0 },
  { program: ['-d', '0', '-x', '3'], status: 768 },
  { program: ['-d', '0', '-x', '255'], status: 65280 },
  { program: ['-d', '0', '-k', 'TERM'], status: 15 },
  { program: ['-d', '0', '-k', 'KILL'], status: 9 },
];

for (const { program, status } of deaths) {
  t.test(`a worker that ends within the interval as ${program.join(' ')}: status ${String(status)}`, async (t) => {
    const run = new Run(t, ['--interval=100', '--', probe(), ...program]);
    await run.sees(new RegExp(`^new worker \\d+ seems to have failed to start, exit status:${String(status)}$`));
    t.same(await run.stop(), { code: 0, signal: null });
    t.equal(run.workers.length, 1);
  });
}

t.test('a worker that ends after the interval is replaced at once', async (t) => {
  const run = new Run(t, ['--interval=1', '--status-file=st', '--', 'sleep', '100'], { cwd: workspace(t) });
  await run.sees(/^starting new worker/);
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died, status:15$/);
  process.kill(run.workers[1] ?? NaN, 'SIGKILL');
  await run.sees(/^worker \d+ died unexpectedly with status:9, restarting\nstarting new worker/);
  t.same(await run.stop(), { code: 0, signal: null });
});

t.test('a program that cannot be run is told in one line and tried again', async (t) => {
  const cwd = workspace(t);
  const run = new Run(t, ['--interval=1', '--pid-file=pid', '--', '/no/such/program'], { cwd });
  await run.sees(/^failed to exec \/no\/such\/program:No such file or directory$/, 2);
  await run.sees(/^new worker \d+ seems to have failed to start, exit status:65280$/, 2);
  t.same(await run.stop(), { code: 0, signal: null });
});

t.test('a directory that is missing is told in one line, with its errno', async (t) => {
  const run = new Run(t, ['--interval=100', '--dir=/no/such/place', '--', 'true']);
  await run.sees(/^failed to chdir:\/no\/such\/place:No such file or directory$/);
  await run.sees(/^new worker \d+ seems to have failed to start, exit status:512$/);
  await run.stop();
});

t.test('at an interval of 0 a program that fails is not started hundreds of times a second', async (t) => {
  const run = new Run(t, ['--interval=0', '--', 'false']);
  await run.sees(/^starting new worker/, 6); // after 10 + 20 + 40 + 80 + 160 ms
  t.same(await run.stop(), { code: 0, signal: null });
  t.ok(run.workers.length < 9, `${String(run.workers.length)} starts`);
});

const another = ['--reuid=64321', '--clear-groups'];
const withoutRoot = process.getuid?.() === 0 ? false : 'only root can become another user';

t.test('a fork that is refused is told and tried again', { skip: withoutRoot }, async (t) => {
  const run = new Run(t, ['--interval=1', '--', 'sleep', '100'], { under: ['setpriv', ...another] });
  await run.sees(/^starting new worker/);
  limitProcesses(run.pid, 1);
  run.signal('SIGHUP');
  await run.sees(/^fork\(2\) failed:Resource temporarily unavailable; /);
  t.ok(isAlive(run.workers[0] ?? NaN));
  limitProcesses(run.pid, 1000);
  await run.sees(/^new worker is now running/);
  t.same(await run.stop(), { code: 0, signal: null });
});

t.test('no child of anybody else is waited for by name', async (t) => {
  const script = '(exec sleep 0.2) & exec "$@"';
  const run = new Run(t, ['--interval=1', '--', probe(), '-o', join(workspace(t), 'dump')], {
    under: ['sh', '-c', script, 'sh'],
  });
  await run.sees(/^starting new worker/);
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died/);
  await run.stop();
  t.equal(run.story.match(/ died/g)?.length, 2);
});

function limitProcesses(pid: number, soft: number): void {
  execFileSync('setpriv', [...another, 'prlimit', `--pid=${String(pid)}`, `--nproc=${String(soft)}:`]);
}
