/** Very many signals of every kind: one that means something is never lost among them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import t from 'tap';
import { compiled } from '../helpers/place/compile.js';
import { sized } from '../helpers/reliability/reliability.js';
import { room } from '../helpers/place/room.js';
import { Run } from '../helpers/running/starter.js';

const count = sized(100_000, 1_000_000);
const { SIGHUP, SIGINT, SIGTERM, SIGQUIT } = constants.signals;

/** All that can be sent, but for those that end or stop any process, and those that mean an end of the run. */
const harmless = Array.from({ length: 64 }, (_, index) => index + 1).filter((signal) => {
  const { SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGSEGV, SIGBUS, SIGFPE, SIGILL } = constants.signals;
  const { SIGTRAP, SIGABRT, SIGSYS } = constants.signals;
  const fatal = [SIGKILL, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGTERM, SIGINT, SIGQUIT];
  return ![...fatal, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, 32, 33].includes(signal);
});

async function storm(run: Run, hidden: number, signals: readonly number[]): Promise<void> {
  const words = [run.pid, count, hidden, ...signals].map(String);
  await once(spawn(compiled('storm', ['storm.c']), words, { stdio: 'inherit' }), 'exit');
}

const endings: readonly (readonly [name: string, signal: number])[] = [
  ['TERM', SIGTERM],
  ['INT', SIGINT],
  ['QUIT', SIGQUIT],
];

for (const [name, signal] of endings) {
  t.test(`${name} among ${String(count)} of all kinds ends the run`, async (t) => {
    const run = new Run(t, ['--interval=0', '--', 'sleep', '100'], { cwd: room(t) });
    await run.sees(/^starting new worker/);
    await storm(run, signal, harmless);
    t.same(await run.ended(), { code: 0, signal: null });
  });
}

for (const flood of ['SIGWINCH', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGCHLD', 'SIGCONT', 'SIGIO'] as const) {
  t.test(`a HUP among ${String(count)} of ${flood} starts a worker`, async (t) => {
    const run = new Run(t, ['--interval=0', '--', 'sleep', '100'], { cwd: room(t) });
    await run.sees(/^starting new worker/);
    await storm(run, SIGHUP, [constants.signals[flood]]);
    await run.sees(/^old worker \d+ died, status:15$/);
    t.equal(run.workers.length, 2);
    t.same(await run.stop(), { code: 0, signal: null });
  });
}
