/** --show-status: for people and for programs, through the control socket and through files. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { failures } from '../../src/core/text/failures.js';
import { commanding, controlled } from '../helpers/running/control-socket.js';
import { saidBy, serving } from '../helpers/running/control.js';
import { Run } from '../helpers/running/starter.js';
import type { StatusRun } from '../helpers/running/status-run.js';
import { workspace } from '../helpers/place/workspace.js';

/** What it prints, with pids and ages named. */
async function shown(show: Run, run: StatusRun): Promise<string[]> {
  const { code } = await show.ended();
  const names = new Map([[run.pid, 'S'], ...run.workers.map((pid, index) => [pid, `W${String(index + 1)}`] as const)]);
  const text = show.stdout.replace(/\d+/g, (digits) => names.get(Number(digits)) ?? digits).replace(/\b\d+s\b/g, 'AGE');
  const shortened = text.replace(/^command line: start_server --.*$/m, 'command line: COMMAND');
  return [String(code), ...shortened.replace(/ +/g, ' ').split('\n'), show.stderr];
}

t.test('for people', async (t) => {
  const broken = join(workspace(t), 'broken');
  const options = ['--path=s', '--max-failures=1', '--interval=1'];
  const run = await controlled(t, ['-f', broken], { options });
  writeFileSync(broken, '');
  const restart = await saidBy(commanding(t, ['--restart'], run.directory));
  t.equal(restart.code, 75);
  t.same(await shown(commanding(t, ['--show-status'], run.directory), run), [
    '0',
    'start_server (pid:S): running, generation 2',
    '',
    'GENERATION PID STATE AGE',
    '1 W1 current AGE',
    '',
    'LISTENER KIND ADDRESS',
    's unix s',
    '',
    'command line: COMMAND',
    '',
    'last failure: generation 2, pid W2, exit code 9 (wait status 2304), AGE ago',
    '',
    '',
  ]);
  await run.stop();
});

t.test('for programs', async (t) => {
  const run = await controlled(t);
  const show = commanding(t, ['--show-status', '--json'], run.directory);
  t.same(await show.ended(), { code: 0, signal: null });
  t.equal(show.stderr, '');
  t.match(show.stdout, /^\{.*\}\n$/, 'one line');
  t.match(JSON.parse(show.stdout), { pid: run.pid, workers: [{ generation: 1 }], listeners: [] });
  await run.stop();
});

t.test('files tell less', async (t) => {
  const run = await serving(t, ['-l', '99999']);
  run.signal('SIGHUP');
  await run.says('1:W1 2:W2');
  const files = ['--show-status', '--pid-file=pid', '--status-file=st'];
  const expected = [
    'start_server (pid:S): generation 2',
    '',
    'GENERATION PID STATE AGE',
    '1 W1 old AGE',
    '2 W2 current AGE',
    '',
    '',
  ];
  t.same(await shown(new Run(t, files, { cwd: run.directory }), run), ['0', ...expected]);
  t.same(await shown(commanding(t, files, run.directory), run), ['0', ...expected], 'where no socket is');
  const json = new Run(t, [...files, '--json'], { cwd: run.directory });
  await json.ended();
  t.match(JSON.parse(json.stdout), { pid: run.pid, generation: 2, workers: [{ age: Number }, { state: 'current' }] });
  run.signal('SIGTERM');
  await run.sees(/^received TERM/);
  run.kill(1);
  run.kill(2);
  await run.ended();
});

t.test('a pid file alone tells of no worker, and nothing is said for it', async (t) => {
  const run = await serving(t);
  const refused = { code: 255, stderr: `${failures.showStatusNeedsFiles()}\n` };
  for (const format of [[], ['--json'], ['--prometheus']]) {
    const show = new Run(t, ['--show-status', '--pid-file=pid', ...format], { cwd: run.directory });
    t.same(await saidBy(show), refused, format.join());
  }
  const beside = await saidBy(commanding(t, ['--show-status', '--pid-file=pid'], run.directory));
  t.match(beside, { code: 1, stderr: /^failed to connect to control socket:c:No such file or directory; / });
  t.notMatch(beside.stderr, /stdout/);
  await run.stop();
});

t.test('nothing runs', async (t) => {
  const cwd = workspace(t);
  writeFileSync(join(cwd, 'pid'), '1\n');
  const said = await saidBy(new Run(t, ['--show-status', '--pid-file=pid', '--status-file=st'], { cwd }));
  t.equal(said.code, 1);
  t.match(said.stderr, /^no superdaemon is running: file:pid says "1"/);
  t.equal((await saidBy(commanding(t, ['--show-status'], cwd))).code, 1);
});

t.test('no path moves the cursor', async (t) => {
  const run = await controlled(t, [], { options: ['--path=\u001b[2J'] });
  const show = commanding(t, ['--show-status'], run.directory);
  await show.ended();
  t.match(show.stdout, /^\\x1b\[2J +unix/m);
  await run.stop();
});
