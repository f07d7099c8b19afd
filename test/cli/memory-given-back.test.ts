/** What a superdaemon holds of node's text, and of garbage, while nothing happens. */
import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { room } from '../helpers/place/room.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { Run } from '../helpers/running/starter.js';

const skip = process.platform === 'linux' ? false : 'only done on Linux';

/** What a process has mapped from the program that it runs, and never changes. */
interface Mapping {
  readonly begin: number;
  readonly end: number;
  /** In kB. */
  readonly resident: number;
}

function textOf(pid: number): Mapping[] {
  const program = readlinkSync(`/proc/${String(pid)}/exe`);
  const mappings = procFile(pid, 'smaps').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  const clean = mappings.filter((text) => text.includes(` ${program}\n`) && /^Anonymous: +0 kB$/m.test(text));
  return clean.map((text) => {
    const [, begin = '', end = ''] = /^([0-9a-f]+)-([0-9a-f]+)/.exec(text) ?? [];
    const resident = Number(/^Rss: +(\d+) kB$/m.exec(text)?.[1] ?? NaN);
    return { begin: parseInt(begin, 16), end: parseInt(end, 16), resident };
  });
}

/** Makes all of it resident, as V8 does with a part of it when it looks at its heap; the process itself does nothing. */
function touchTextOf(pid: number): void {
  const memory = openSync(`/proc/${String(pid)}/mem`, 'r');
  for (const { begin, end } of textOf(pid)) readSync(memory, Buffer.alloc(end - begin), 0, end - begin, begin);
  closeSync(memory);
}

async function withLittleText(
  t: Test,
  options: readonly string[] = [],
): Promise<{ run: Run; little: (when: string) => Promise<void> }> {
  const run = new Run(t, ['--interval=0', ...options, '--', 'sleep', '100'], { cwd: room(t) });
  await run.sees(/^starting new worker/);
  const kilobytes = () => textOf(run.pid).reduce((sum, { resident }) => sum + resident, 0);
  const little = async (when: string): Promise<void> => {
    const given = await eventually(`little text ${when}`, () => kilobytes() < 3000, {
      seen: () => String(kilobytes()),
    });
    t.ok(given, when);
  };
  await little('once nothing happens');
  return { run, little };
}

t.test('it is given back once nothing happens, and again after a restart', { skip }, async (t) => {
  const { run, little } = await withLittleText(t);
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died, status:15$/);
  await little('after the restart');
  t.same(await run.stop(), { code: 0, signal: null });
});

t.test('what comes back of it by itself is given back as well', { skip }, async (t) => {
  const { run, little } = await withLittleText(t);
  touchTextOf(run.pid);
  await little('though no event has followed');
  t.same(await run.stop(), { code: 0, signal: null });
});

t.test('work beside the loop leaves no garbage: the look at what a worker has left', { skip }, async (t) => {
  const { run } = await withLittleText(t, ['--path=socket']); // garbage goes right before text
  const own = () => Number(/^Anonymous: +(\d+) kB$/m.exec(procFile(run.pid, 'smaps_rollup'))?.[1] ?? NaN);
  const before = own();
  for (let hup = 1; hup <= 5; hup += 1) {
    run.signal('SIGHUP');
    await run.sees(/^old worker \d+ died/, hup);
  }
  // The look is two seconds after the first death. It takes 0.8 MB, and nothing happens after it.
  await setTimeout(3000);
  const given = await eventually('little memory after the look', () => own() < before + 500, {
    seen: () => `${String(before)} kB, then ${String(own())}`,
  });
  t.ok(given);
  t.same(await run.stop(), { code: 0, signal: null });
});
