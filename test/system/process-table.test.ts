/** Which process descends from which. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { ProcessTable } from '../../src/system/processes/process-table.js';
import { eventually } from '../helpers/eventually.js';
import { workspace } from '../helpers/place/workspace.js';

const skip = process.platform !== 'linux' && 'it is /proc that tells';

/** The pids of a child of ours, of its child, and of the child of that. */
async function line(t: Test): Promise<number[]> {
  const script = 'echo $$; sh -c "echo \\$\\$; sleep 99 & echo \\$!; wait"; true';
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('latin1').on('data', (text: string) => (said += text));
  while (!/^(\d+\n){3}$/.test(said)) await once(child.stdout, 'data');
  const pids = said.trim().split('\n').map(Number);
  t.teardown(() => {
    for (const pid of pids) process.kill(pid, 'SIGKILL');
  });
  return pids;
}

for (const [kernel, proc] of [
  ['a kernel that lists the children of each process', () => undefined],
  ['one that does not', workspace],
] as const) {
  t.test(`descendants of one process, by ${kernel}`, { skip }, async (t) => {
    const [child = NaN, ...below] = await line(t);
    const table = ProcessTable.below(child, proc(t));
    t.same(table.descendantsOf(child), below);
    t.same(table.childrenOf(child), below.slice(0, 1));
    t.equal(table.statOf(below[0] ?? NaN)?.parent, child);
    t.same(ProcessTable.below(below[1] ?? NaN, proc(t)).descendantsOf(below[1] ?? NaN), []);
  });
}

t.test('no other process is in the table of those below one', { skip }, async (t) => {
  const [child = NaN, ...below] = await line(t);
  t.same(ProcessTable.below(child).pids, below);
  t.ok(ProcessTable.read().pids.includes(process.pid));
});

t.test('a zombie is none of them, and one that is gone has none', { skip }, async (t) => {
  const script = 'sleep 0 & echo $!; exec sleep 99';
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  await eventually('its end', () => ProcessTable.below(child.pid ?? NaN).pids.length === 0);
  t.same(ProcessTable.below(4_194_304).pids, []);
});
