/** What a superdaemon holds of node's text while nothing happens. */
import { readFileSync, readlinkSync } from 'node:fs';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { room } from '../helpers/place/room.js';
import { Run } from '../helpers/running/starter.js';

const skip = process.platform === 'linux' ? false : 'only done on Linux';

/** How many kB of what the process has mapped from the program that it runs, and never changes, are resident. */
function textOf(pid: number): number {
  const program = readlinkSync(`/proc/${String(pid)}/exe`);
  const mappings = readFileSync(`/proc/${String(pid)}/smaps`, 'latin1').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  const clean = mappings.filter((text) => text.includes(` ${program}\n`) && /^Anonymous: +0 kB$/m.test(text));
  return clean.reduce((sum, text) => sum + Number(/^Rss: +(\d+) kB$/m.exec(text)?.[1] ?? NaN), 0);
}

t.test('it is given back once nothing happens, and again after a restart', { skip }, async (t) => {
  const run = new Run(t, ['--interval=0', '--', 'sleep', '100'], { cwd: room(t) });
  await run.sees(/^starting new worker/);
  const isSmall = () => textOf(run.pid) < 2000;
  t.ok(await eventually('little text', isSmall));
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died, status:15$/);
  t.ok(await eventually('little text again', isSmall));
  t.same(await run.stop(), { code: 0, signal: null });
});
