/** examples/monitoring: the check tells the truth to whoever reads its exit code, and monit understands its file. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { room } from '../helpers/place/room.js';
import { example } from '../helpers/place/samples.js';
import { controlled } from '../helpers/running/control-socket.js';
import { ours, Run } from '../helpers/running/starter.js';

const path = [dirname(ours.command), dirname(process.execPath), process.env['PATH']].join(delimiter);

/** What the check says of the control socket `c`, and its exit code. */
function said(cwd: string, words: readonly string[] = ['c']): readonly [code: number | null, line: string] {
  const env = { PATH: path, START_SERVER: ours.command };
  const { status, stdout, stderr } = spawnSync(example('monitoring/check_start_server'), words, {
    cwd,
    env,
    encoding: 'utf8',
  });
  return [status, stdout + stderr];
}

t.test('it serves, then a restart fails, and then it does not any more', async (t) => {
  const run = await controlled(t, ['-f', 'broken'], { options: ['--interval=1'] });
  t.same(said(run.directory), [0, 'OK - generation 1 serves | failed_starts=0c deaths=0c\n']);
  writeFileSync(join(run.directory, 'broken'), '');
  run.signal('SIGHUP');
  await run.sees(/seems to have failed to start/);
  const [code, line] = said(run.directory);
  t.equal(code, 1);
  t.match(
    line,
    /^WARNING - generation \d+ has failed to start: exit code \d+; generation 1 serves \| failed_starts=\d+c/,
  );
  run.kill(1);
  await eventually('that nothing serves', () => said(run.directory)[0] === 2, { seen: () => said(run.directory)[1] });
  t.match(said(run.directory), [2, /^CRITICAL - no worker serves \|/]);
});

t.test('a failure that a good restart has followed is in the past', async (t) => {
  const run = await controlled(t);
  run.kill(1);
  await run.sees(/^starting new worker/, 2);
  await eventually('its worker', () => said(run.directory)[0] === 0);
  t.match(said(run.directory), [0, /^OK - generation 2 serves \| failed_starts=0c deaths=1c\n$/]);
  await run.stop();
});

t.test('processes that a worker has left are told', async (t) => {
  const cwd = room(t);
  const script = 'sleep 99 & trap "exit 0" TERM; while :; do sleep 0.01; done';
  const run = new Run(t, ['--port=127.0.0.1:0', '--interval=0', '--control=c', '--', 'sh', '-c', script], { cwd });
  await run.sees(/^starting new worker/);
  await eventually('its worker', () => said(cwd)[0] === 0);
  run.signal('SIGHUP');
  await eventually('what is left', () => said(cwd)[0] === 1, { seen: () => said(cwd)[1] });
  t.match(said(cwd)[1], /^WARNING - generation 2 serves, and so do processes that a worker has left: [\d,]+ \|/);
});

t.test('nobody who answers, and what cannot be told', async (t) => {
  t.match(said(room(t)), [2, /^CRITICAL - failed to connect to control socket:c:No such file or directory/]);
  t.match(said(room(t), []), [3, /^UNKNOWN - usage: /]);
  const run = await controlled(t);
  run.signal('SIGSTOP');
  t.match(said(run.directory, ['c', '1']), [2, /^CRITICAL - the server process has not answered within 1 secs/]);
  run.signal('SIGCONT');
  await run.stop();
});

t.test('monit takes its file', { skip: withoutCommand('monit') }, (t) => {
  const file = join(room(t), 'monitrc');
  const text = readFileSync(example('monitoring/app.monit'), 'utf8')
    .replaceAll('/etc/init.d/app', example('init/app'))
    .replaceAll('/usr/local/lib/check_start_server', example('monitoring/check_start_server'));
  writeFileSync(file, text, { mode: 0o600 });
  const { status, stdout, stderr } = spawnSync('monit', ['-t', '-c', file], { encoding: 'utf8' });
  t.equal(status, 0, stdout + stderr);
  t.end();
});
