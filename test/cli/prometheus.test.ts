/** Numbers for monitoring: what is printed is right, and Prometheus takes it. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { metrics } from '../../src/core/report/prometheus.js';
import { blocksOf, textOf } from '../helpers/docs/doc-blocks.js';
import { room } from '../helpers/place/room.js';
import { probe } from '../helpers/processes/probe.js';
import { Run } from '../helpers/running/starter.js';

const withoutPromtool = spawnSync('promtool', ['--version']).error !== undefined && 'promtool is not installed';

/** What a start_server prints that has been restarted once, and whose worker was killed once. */
async function printed(t: Parameters<typeof room>[0], format: string): Promise<string> {
  const cwd = room(t);
  const run = new Run(t, ['--interval=0', '--control=c', '--pid-file=p', '--', probe()], { cwd });
  await run.sees(/^starting new worker/);
  t.same(await new Run(t, ['--restart', '--control=c'], { cwd }).ended(), { code: 0, signal: null });
  process.kill(Number((await run.sees(/^starting new worker (\d+)/, 2))[1]), 'SIGKILL');
  await run.sees(/^starting new worker/, 3);
  const status = new Run(t, ['--show-status', format, '--control=c'], { cwd });
  t.same(await status.ended(), { code: 0, signal: null }, status.stderr);
  return status.stdout;
}

t.test('as JSON', async (t) => {
  const { counters } = JSON.parse(await printed(t, '--json')) as { counters: Record<string, unknown> };
  t.match(counters, {
    restarts: 1,
    failedRestarts: 0,
    unexpectedDeaths: 1,
    failedStarts: 0,
    forcedEnds: 0,
    upgrades: 0,
  });
  t.match(counters, { startTime: Number, lastRestart: { time: Number, took: Number } });
});

t.test('for Prometheus', async (t) => {
  const text = await printed(t, '--prometheus');
  const value = (name: string) => Number(new RegExp(`^start_server_${name} (\\S+)$`, 'm').exec(text)?.[1]);
  t.equal(value('restarts_total\\{result="done"\\}'), 1);
  t.equal(value('unexpected_deaths_total'), 1);
  t.equal(value('workers\\{state="current"\\}'), 1);
  t.ok(value('start_time_seconds') > 1.7e9);
  for (const { name } of metrics) t.match(text, new RegExp(`^# TYPE start_server_${name} `, 'm'), name);
});

t.test('promtool finds nothing to complain of', { skip: withoutPromtool }, async (t) => {
  const checked = spawnSync('promtool', ['check', 'metrics'], {
    input: await printed(t, '--prometheus'),
    encoding: 'utf8',
  });
  t.same([checked.status, checked.stdout, checked.stderr], [0, '', '']);
});

t.test('promtool takes the rules of the page', { skip: withoutPromtool }, (t) => {
  const cwd = room(t);
  const rules = blocksOf('docs/monitoring.md').find(({ text }) => text.startsWith('groups:'));
  writeFileSync(join(cwd, 'rules.yml'), rules?.text ?? '');
  const checked = spawnSync('promtool', ['check', 'rules', 'rules.yml'], { cwd, encoding: 'utf8' });
  t.equal(checked.status, 0, checked.stdout + checked.stderr);
  t.match(checked.stdout, /5 rules found/);
  t.end();
});

t.test('the page lists each of them', (t) => {
  const text = textOf('docs/monitoring.md');
  for (const { name } of metrics) t.ok(text.includes(`start_server_${name}`), name);
  t.end();
});
