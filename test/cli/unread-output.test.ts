/** Standard error that nobody reads: journald's socket while it hangs, a terminal after ^S, a pipe. Nothing waits for it. */
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { childrenOf } from '../helpers/processes/children-of.js';
import { eventually } from '../helpers/eventually.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { Talk } from '../helpers/running/control-socket.js';
import { script } from '../helpers/processes/native.js';
import { room } from '../helpers/place/room.js';
import { sinks, type Sink } from '../helpers/output/sink.js';
import { Run, type RunOptions } from '../helpers/running/starter.js';
import { withoutUpgrade } from '../helpers/running/upgrades.js';

const success = { code: 0, signal: null };

t.jobs = 4;
const buffered = { buffered: true };

/** A start_server whose lines go there; what it has started ends with the test. */
function runInto(t: Test, sink: Sink, args: readonly string[], how: RunOptions = {}): Run {
  return new Run(t, args, { cwd: room(t), stdio: ['ignore', 'ignore', sink.descriptor], ...how });
}

/** The only child, once it is a worker and none of those. */
async function onlyWorker(run: Run, ...others: readonly number[]): Promise<number> {
  return eventually('another worker', () => {
    const [child, ...more] = childrenOf(run.pid);
    const isAlone = more.length === 0 && child !== undefined && !others.includes(child);
    return isAlone && procFile(child, 'comm') === 'sleep\n' && child;
  });
}

for (const [kind, make] of Object.entries(sinks)) {
  t.test(`${kind} that is not read: HUP, a death and TERM are acted on`, buffered, async (t) => {
    const sink = await make(t);
    await sink.fill();
    const run = runInto(t, sink, ['--interval=0', '--', 'sleep', '100']);
    const first = await onlyWorker(run);
    run.signal('SIGHUP');
    const second = await onlyWorker(run, first);
    process.kill(second, 'SIGKILL');
    const third = await onlyWorker(run, first, second);
    t.same(await run.stop(), success);
    t.notOk(childrenOf(run.pid).includes(third));
  });

  t.test(`${kind} that is read again shows what was said meanwhile`, buffered, async (t) => {
    const sink = await make(t);
    await sink.fill();
    const run = runInto(t, sink, ['--interval=0', '--', 'sleep', '100']);
    const first = await onlyWorker(run);
    run.signal('SIGHUP');
    await onlyWorker(run, first);
    sink.read();
    await eventually('its lines', () => /\nold worker \d+ died, status:15\n/.test(sink.text()), { seen: sink.text });
    t.match(sink.text(), /^received HUP, spawning a new worker\nstarting new worker \d+\n/m);
    t.same(await run.stop(), success);
    await eventually('the last', () => sink.text().endsWith('\nexiting\n'), { seen: sink.text });
  });

  t.test(`${kind} that is not read: a program that cannot be executed is not accepted`, buffered, async (t) => {
    const sink = await make(t);
    const cwd = room(t);
    const program = script(join(cwd, 'program'), '#!/bin/sh\nexec sleep 100\n');
    const run = runInto(t, sink, ['--interval=1', '--status-file=status', '--', program], { cwd });
    const worker = await onlyWorker(run);
    await eventually('a worker that has started well', () => existsSync(join(cwd, 'status')));
    await sink.fill();
    rmSync(program);
    run.signal('SIGHUP');
    // Its child waited for the reader with a line, for longer than the interval, and was taken for a worker.
    await eventually('a failing start', () => childrenOf(run.pid).length === 2);
    await eventually('its end', () => childrenOf(run.pid).length === 1);
    await eventually('another one', () => childrenOf(run.pid).length === 2);
    t.ok(childrenOf(run.pid).includes(worker), 'the old worker serves on');
    t.same(await run.stop(), success);
  });

  t.test(`${kind} that is not read: commands say what they can, and end`, buffered, async (t) => {
    const sink = await make(t);
    await sink.fill();
    const commands: [words: string, code: number][] = [
      ['--stop --pid-file=none', 2],
      ['--restart --pid-file=none --status-file=none', 2],
      ['--prot=80 -- true', 1],
    ];
    const ends = commands.map(async ([words, code]) => {
      t.same(await runInto(t, sink, words.split(' ')).ended(), { code, signal: null }, words);
    });
    await Promise.all(ends);
  });
}

t.test('standard output is waited for: who asks for the help gets all of it', async (t) => {
  const sink = await sinks['a pipe']?.(t);
  if (sink === undefined) throw new Error('no pipe');
  await sink.fill();
  const run = new Run(t, ['--help'], { stdio: ['ignore', sink.descriptor, 'pipe'] });
  sink.read();
  await eventually('the end of it', () => /^Usage: [^]*start_server --restart [^\n]*\n$/.test(sink.text()), {
    seen: sink.text,
  });
  t.same(await run.ended(), success);
});

const skip = process.getuid?.() === 0 ? false : 'only root can play another user';
const under = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

t.test('a terminal of another user, as after su', { skip }, async (t) => {
  for (const isRead of [true, false]) {
    const sink = await sinks['a terminal']?.(t);
    if (sink === undefined) throw new Error('no terminal');
    if (isRead) sink.read();
    else await sink.fill();
    const cwd = room(t);
    chmodSync(cwd, 0o777);
    const run = runInto(t, sink, ['--interval=0', '--', 'sleep', '100'], { cwd, under });
    const first = await onlyWorker(run);
    run.signal('SIGHUP');
    await onlyWorker(run, first);
    t.same(await run.stop(), success);
    if (isRead) await eventually('the last line', () => sink.text().endsWith('\nexiting\n'), { seen: sink.text });
  }
});

t.test(
  "another user's pipe: what waits for the end of a line that nobody read needs no other event",
  { skip: skip || withoutUpgrade },
  async (t) => {
    const sink = await sinks['a pipe']?.(t);
    if (sink === undefined) throw new Error('no pipe');
    const cwd = room(t);
    chmodSync(cwd, 0o777);
    await sink.fill();
    const run = runInto(t, sink, ['--interval=0', '--control=c', '--', 'sleep', '100'], { cwd, under });
    await onlyWorker(run);
    run.signal('SIGUSR2');
    // When the second is answered, the loop has gone round since the signal. Neither leaves, which would wake it.
    await new Talk(t, cwd, { command: 'follow' }).line(1);
    await new Talk(t, cwd, { command: 'follow' }).line(1);
    sink.read();
    await eventually('the upgrade', () => /^upgraded from/m.test(sink.text()), { seen: sink.text });
    t.same(await run.stop(), success);
  },
);
