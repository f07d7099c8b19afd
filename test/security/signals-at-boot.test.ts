/**
 * Signals that come while node boots, all of the kind: what is sent before the command has its handlers. Node would open a
 * debugger at USR1, to everybody on the machine, and die of HUP.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { sized } from '../helpers/reliability/reliability.js';
import { room } from '../helpers/place/room.js';
import { isAlive, Run } from '../helpers/running/starter.js';

/** Milliseconds after the start. In full each of the first hundred. */
const moments = Array.from({ length: sized(12, 101) }, (_, index) => index * sized(9, 1));

/** Whether node is loaded, so that the preloaded library holds the signals: before that, they act as on any program. */
function isHeld(pid: number): boolean {
  try {
    const proc = `/proc/${String(pid)}`;
    // It gives the process its name when it has done its work.
    return readlinkSync(`${proc}/exe`).endsWith('/node') && readFileSync(`${proc}/comm`, 'latin1') === 'start_server\n';
  } catch {
    return false; // not there yet, or gone
  }
}

/** Sends it so long after the start; gives whether it had to be survived. */
async function sendAt(run: Run, moment: number, signal: NodeJS.Signals): Promise<boolean> {
  await pause(moment);
  const held = isHeld(run.pid);
  run.signal(signal);
  return held;
}

for (const signal of ['SIGUSR1', 'SIGHUP', 'SIGUSR2', 'SIGTERM'] as const) {
  t.test(`${signal} to a superdaemon that starts`, async (t) => {
    for (const moment of moments) await toSuperdaemon(t, signal, moment);
  });
}

async function toSuperdaemon(t: Test, signal: NodeJS.Signals, moment: number): Promise<void> {
  const run = new Run(t, ['--interval=0', '--', 'sleep', '100'], { cwd: room(t) });
  const held = await sendAt(run, moment, signal);
  if (signal !== 'SIGTERM') await eventually('a worker or the end', () => run.workers.length > 0 || !isAlive(run.pid));
  if (signal !== 'SIGTERM' && isAlive(run.pid)) run.signal('SIGTERM');
  const outcome = await run.ended();
  const survived = { code: 0, signal: null };
  const when = `after ${String(moment)} ms${held ? '' : ', before node was there'}`;
  if (held) t.same(outcome, survived, when);
  else t.ok([signal, null].includes(outcome.signal), when);
  t.notMatch(run.stderr, /[Dd]ebugger|inspector/, 'no debugger');
}

const commands = [
  ['--restart', '--control=c', '--timeout=30'],
  ['--stop', '--control=c', '--timeout=30'],
] as const;

for (const words of commands) {
  t.test(`USR1 and TERM end ${words[0]} while it starts and while it waits, as any program`, async (t) => {
    const cwd = room(t);
    // It never ends, nor does it start well: the commands wait for it.
    const deaf = ['sh', '-c', 'trap "" TERM; while :; do sleep 1; done'];
    const run = new Run(t, ['--interval=1000', '--control=c', '--', ...deaf], { cwd });
    await run.sees(/^starting new worker/);
    for (const moment of [...moments, 300])
      for (const signal of ['SIGUSR1', 'SIGTERM'] as const) {
        const command = new Run(t, words, { cwd });
        await sendAt(command, moment, signal);
        t.same(await command.ended(), { code: null, signal }, `${signal} after ${String(moment)} ms`);
        t.notMatch(command.stderr, /[Dd]ebugger|inspector/, 'no debugger');
      }
    run.killAll();
    await run.ended();
  });
}
