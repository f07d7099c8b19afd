import { kill } from 'node:process';
import t from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { eventually } from '../helpers/eventually.js';
import { ended, request, run } from '../helpers/processes/native.js';
import { workspace } from '../helpers/place/workspace.js';

const CORE = 128;

t.test('the status is the raw number that waitpid gives', async (t) => {
  const table: [script: string, status: number][] = [
    ['exit 0', 0],
    ['exit 3', 3 * 256],
    ['exit 255', 255 * 256],
    ['kill -KILL $$', 9],
    ['kill -TERM $$', 15],
    ['kill -HUP $$', 1],
    ['ulimit -c 0; kill -ABRT $$', 6],
  ];
  for (const [script, status] of table) t.equal(await run('/bin/sh', ['-c', script]), status, script);
});

t.test('findEnded gives the same, and leaves a zombie whose pid nobody else can have', async (t) => {
  for (const [script, status] of [['exit 3', 3 * 256], ['kill -TERM $$', 15], ['exit 255', 255 * 256]] as const) {
    const pid = addon.spawn(request('/bin/sh', ['-c', script]));
    const end = await eventually('the end', () => addon.findEnded(pid));
    t.same([end, addon.findEnded(-1), addon.waitpid(pid)], Array(3).fill({ pid, status }));
    t.equal(addon.findEnded(pid), undefined, 'reaped');
  }
  t.equal(addon.findEnded(-1), undefined, 'no child at all');
}); // prettier-ignore

t.test('a core file adds its flag', async (t) => {
  const cwd = workspace(t);
  const status = await run('/bin/sh', ['-c', 'ulimit -c unlimited 2>&- || exit 99; kill -SEGV $$'], { cwd });
  const skip = status === 99 * 256 || status === 11 ? 'the system makes no core files here' : false;
  t.equal(status, 11 + CORE, { skip });
});

t.test('a child that lives gives nothing, at once', async (t) => {
  const pid = addon.spawn(request('/bin/sleep', ['60']));
  t.equal(addon.waitpid(pid), undefined);
  t.equal(addon.waitpid(-1), undefined);
  kill(pid, 'SIGKILL');
  t.equal(await ended(pid), 9);
});

t.test('no child at all gives nothing', (t) => {
  t.equal(addon.waitpid(-1), undefined);
  t.equal(addon.waitpid(1), undefined, 'a process that is not a child');
  t.end();
});

t.test('a child is reaped once', async (t) => {
  const pid = addon.spawn(request('/bin/true', []));
  t.equal(await ended(pid), 0);
  t.equal(addon.waitpid(pid), undefined);
});

t.test('-1 gives any child, one at a time', async (t) => {
  const pids = [1, 2, 3].map((code) => addon.spawn(request('/bin/sh', ['-c', `exit ${String(code)}`])));
  const statuses = new Map<number, number>();
  await eventually('the end of all three', () => {
    const end = addon.waitpid(-1);
    if (end !== undefined) statuses.set(end.pid, end.status);
    return statuses.size === pids.length;
  });
  t.same([...statuses].sort(), pids.map((pid, index) => [pid, (index + 1) * 256]).sort());
});

t.test('a storm of signals is not taken for an end', async (t) => {
  let signals = 0;
  const count = (): void => {
    signals++;
  };
  process.on('SIGUSR1', count);
  t.teardown(() => process.off('SIGUSR1', count));
  const storm = 'i=0; while [ $i -lt 300 ]; do kill -USR1 $PPID; i=$((i+1)); done; exit 5';
  t.equal(await run('/bin/sh', ['-c', storm]), 5 * 256);
  await eventually('the first of the signals', () => signals > 0);
});
