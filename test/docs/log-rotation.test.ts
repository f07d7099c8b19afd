/** examples/logrotate/app, by the real logrotate: no line is lost, and the new file is used as the page says. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { LoggedRun } from '../helpers/running/logged-run.js';
import { room } from '../helpers/place/room.js';
import { example } from '../helpers/place/samples.js';

const config = readFileSync(example('logrotate/app'), 'utf8');

/** A worker that numbers its lines until TERM, and says which was the last. */
const worker = [
  'sh',
  '-c',
  'trap "stop=1" TERM; n=0; until [ "${stop-}" ]; do n=$((n + 1)); echo "$SERVER_STARTER_GENERATION line $n"; sleep 0.005; done; ' +
    'echo "last $n"',
];

function rotate(t: Test, directory: string): void {
  const file = join(directory, 'logrotate.conf');
  writeFileSync(file, config.replaceAll('/var/log/app/', `${directory}/`).replaceAll('/run/app/', `${directory}/`));
  const words = ['--force', `--state=${join(directory, 'state')}`, file];
  const { status, stderr } = spawnSync('logrotate', words, { encoding: 'utf8' });
  t.same([status, stderr], [0, '']);
}

/** The numbers of the lines that the worker of a generation has written, in all files in this order. */
function numbers(texts: readonly string[], generation: number): number[] {
  const lines = texts.join('').matchAll(new RegExp(`^${String(generation)} line (\\d+)$`, 'gm'));
  return Array.from(lines, ([, number]) => Number(number));
}

t.test('logrotate', { skip: withoutCommand('logrotate') }, async (t) => {
  const cwd = room(t);
  const options = ['--log-file=app.log', '--pid-file=pid', '--status-file=status', '--interval=0', '--', ...worker];
  const run = new LoggedRun(t, options, { cwd, log: 'app.log' });
  await run.logs(/^1 line 20$/);

  rotate(t, cwd);
  await run.logs(/^received USR1, log file opened again$/);
  const written = statSync(join(cwd, 'app.log.1')).size;
  await eventually('more in the old file', () => statSync(join(cwd, 'app.log.1')).size > written);
  t.notMatch(run.read(), /line/, 'the worker that runs keeps the old file');

  run.signal('SIGHUP');
  await run.logs(/^old worker \d+ died, status:0$/);
  await run.logs(/^2 line 20$/);
  await run.stop();
  t.match(run.read(), /^exiting$/m);

  const texts = ['app.log.1', 'app.log'].map((name) => run.read(name));
  for (const generation of [1, 2]) {
    const all = numbers(texts, generation);
    t.same(
      all,
      all.map((_, index) => index + 1),
      `no line of generation ${String(generation)} is lost`,
    );
  }
  t.match(texts[0], new RegExp(`^last ${String(numbers(texts, 1).length)}$`, 'm'));
  t.equal(existsSync(join(cwd, 'app.log.1.gz')), false, 'the file that is still written to is not compressed');
});
