/** Workers that die at every possible instant, also between fork and exec: each death is told, and another is started. */
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { childrenOf } from '../helpers/processes/children-of.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { LedgerRun } from '../helpers/reliability/ledger-run.js';
import { Chance, record, sized } from '../helpers/reliability/reliability.js';
import { withoutStrace } from '../helpers/processes/strace.js';

const anyTime = sized(30, 1000);
const beforeExec = sized(10, 200);

/** The log of a run in which every start is followed by one death of the same pid. */
function balance(log: string): { starts: number; deaths: number; untold: string[] } {
  const pids = (expression: RegExp) => Array.from(log.matchAll(expression), ([, pid]) => pid);
  const starts = pids(/^starting new worker (\d+)$/gm);
  const deaths = pids(/^(?:(?:old )?worker (\d+) died|new worker (\d+) seems).*$/gm).length;
  const ended = Array.from(log.matchAll(/worker (\d+) (?:died|seems)/g), ([, pid]) => pid);
  const untold = starts.filter((pid) => !ended.includes(pid)).map(String);
  return { starts: starts.length, deaths, untold };
}

async function settled(t: Test, run: LedgerRun, descriptors: readonly string[]): Promise<string> {
  await run.calm();
  t.same(run.descriptors, descriptors, 'the descriptors it had');
  t.same(await run.run.stop(), { code: 0, signal: null });
  t.same(run.workers, []);
  const { starts, deaths, untold } = balance(run.read('log'));
  t.same(untold, [], 'every death is told');
  t.equal(deaths, starts, 'and told once');
  return `${String(starts)} starts, ${String(deaths)} deaths told, each once`;
}

t.test(`${String(anyTime)} deaths at random instants`, { timeout: 0 }, async (t) => {
  const chance = new Chance(t);
  const run = await LedgerRun.start(t);
  const { descriptors } = run;
  let died = 0;
  for (let round = 0; round < anyTime; round += 1) {
    if (chance.below(2) === 0) run.run.signal('SIGHUP');
    await pause(chance.below(12));
    const victims = childrenOf(run.run.pid);
    const victim = victims.at(-1 - chance.below(Math.max(1, victims.length)));
    if (victim !== undefined && run.kill(victim, chance.pick(['SIGKILL', 'SIGTERM', 'SIGSEGV']))) died += 1;
  }
  const held = await settled(t, run, descriptors);
  record({ injected: 'KILL, TERM or SEGV to a worker at a random instant of its life', times: died, held });
});

t.test(`${String(beforeExec)} deaths between fork and exec`, { skip: withoutStrace, timeout: 0 }, async (t) => {
  const chance = new Chance(t);
  const run = await LedgerRun.start(t);
  const { descriptors } = run;
  // The walk of a child from its fork to its exec takes 20 ms and more, and ends at a random point of it.
  const slow = ['rt_sigaction:delay_enter=200', 'prlimit64:delay_enter=3000', 'execve:delay_enter=5000'];
  const strace = await traced(t, run.run.pid, slow);
  let died = 0;
  for (let round = 0; round < beforeExec; round += 1) {
    const before = new Set(childrenOf(run.run.pid));
    run.run.signal('SIGHUP');
    const child = await eventually('a fork', () => childrenOf(run.run.pid).find((pid) => !before.has(pid)), {
      seen: () => run.read('log'),
    });
    await pause(chance.below(20));
    if (isBeforeExec(child) && run.kill(child, 'SIGKILL')) died += 1;
    await run.until('a worker that is accepted', () => run.workersInStatus === 1);
  }
  // Told by INT it may wait for a child for ever; its death lets all of them go.
  strace.kill('SIGKILL');
  await eventually('the end of strace', () => strace.signalCode !== null);
  t.ok(died > beforeExec / 10, `${String(died)} died before their exec`);
  const held = await settled(t, run, descriptors);
  record({ injected: 'a worker killed between its fork and its exec, slowed by strace', times: died, held });
});

/** It still runs the superdaemon's own program. */
function isBeforeExec(pid: number): boolean {
  return procFile(pid, 'cmdline').includes('start_server');
}

/** strace, when it has taken hold of the process. */
async function traced(t: Test, pid: number, injections: readonly string[]): Promise<ChildProcess> {
  const words = ['-f', '-o', '/dev/null', '-p', String(pid), ...injections.flatMap((one) => ['-e', `inject=${one}`])];
  const strace = spawn('strace', words, { stdio: 'ignore' });
  t.teardown(() => strace.kill('SIGKILL'));
  await eventually('strace', () => /^TracerPid:\t[1-9]/m.test(procFile(pid, 'status')));
  return strace;
}
