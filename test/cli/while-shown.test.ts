/** A command that waits, in a terminal: what it shows, that it cleans up behind itself, and that nothing else has changed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { InteractiveTerminal, withoutTerminal } from '../helpers/output/interactive-terminal.js';
import { script } from '../helpers/processes/native.js';
import { controlled } from '../helpers/running/control-socket.js';
import { serving } from '../helpers/running/control.js';
import { ours, type Run } from '../helpers/running/starter.js';
import { lingering } from '../helpers/running/status-run.js';

const skip = withoutTerminal;

/** Types a command into a terminal of this kind; `code CODE` follows when it has ended by itself. */
function typed(
  t: Test,
  cwd: string,
  words: string,
  { kind = 'xterm', columns = 80, under = '' } = {},
): InteractiveTerminal {
  const lines = [`stty cols ${String(columns)}`, `TERM=${kind} ${under} '${ours.command}' ${words}`, 'echo "code $?"'];
  script(join(cwd, 'typed'), `#!/bin/sh\n${lines.join('\n')}\n`);
  return new InteractiveTerminal(t, './typed', { cwd });
}

/** The first worker, which stays where it was not told to quit, does so. */
function leave({ workers: [first] }: Run): void {
  process.kill(first ?? NaN, 'SIGTERM');
}

t.jobs = 4;

t.test('a restart is shown as it goes, and ends with what is true now', { skip }, async (t) => {
  const run = await controlled(t, [], { options: ['--interval=1', lingering] });
  const [first = 0] = run.workers;
  const terminal = typed(t, run.directory, '--restart --control=c');
  await terminal.sees(/generation 2: worker \d+ on probation, 0 s of 1\x1b\[K/);
  await terminal.sees(new RegExp(String.raw`waiting for old worker ${String(first)}, 0 s\x1b\[K`));
  leave(run);
  await terminal.sees(/code 0/);
  t.equal(terminal.screen, `generation 2, worker ${String(run.workers[1])}, serves; ${String(first)} ended with 0\ncode 0\n`); // prettier-ignore
});

t.test('in a narrow terminal it stays one line', { skip }, async (t) => {
  const run = await controlled(t, [], { options: ['--signal-on-term=USR2'] });
  const terminal = typed(t, run.directory, '--stop --control=c', { columns: 20 });
  await terminal.sees(/stopping now.*\nwaiting for worker\x20?\x1b\[K/);
  leave(run);
  await terminal.sees(/code 0\n/);
  t.match(terminal.screen, /^stop_server .*\nstart_server \(pid \d+\) has ended; \d+ ended with 0\ncode 0\n$/);
});

t.test('a dumb terminal gets a line for each state', { skip }, async (t) => {
  const run = await controlled(t, [], { options: ['--interval=1', lingering] });
  const terminal = typed(t, run.directory, '--restart --control=c', { kind: 'dumb' });
  await terminal.sees(/\nwaiting for old worker \d+\n/);
  leave(run);
  await terminal.sees(/code 0\n$/);
  t.match(terminal.shown, /^(?:waiting for a new worker\n)?generation 2: worker \d+ on probation\nwaiting for old/);
  t.notMatch(terminal.raw, '\x1b');
});

t.test('files tell who is on probation, and which old worker is left', { skip }, async (t) => {
  const run = await serving(t, [], { options: ['--interval=2', lingering] });
  const terminal = typed(t, run.directory, '--restart --pid-file=pid --status-file=st');
  await terminal.sees(/new worker \d+ on probation, \d s/);
  await terminal.sees(/waiting for old worker \d+, \d s/);
  leave(run);
  await terminal.sees(/generation 2, worker \d+, serves; \d+ has ended\ncode 0/);
});

t.test('the line is erased before a failure is told, and the exit code is as ever', { skip }, async (t) => {
  const directory = t.testdir();
  const run = await controlled(t, ['-f', join(directory, 'broken')], { options: ['--max-failures=2', '--interval=1'] });
  writeFileSync(join(directory, 'broken'), '');
  const terminal = typed(t, run.directory, '--restart --control=c');
  await terminal.sees(/code 75/);
  t.match(terminal.screen, /^a new worker has failed to start: .*\nthe restart has failed: .*\ncode 75\n$/);
});

t.test('Ctrl-C ends the line, and the command by the signal', { skip }, async (t) => {
  const run = await controlled(t, [], { options: [lingering] });
  const terminal = typed(t, run.directory, '--restart --control=c; kill -INT $$');
  await terminal.sees(/waiting for old worker \d+, \d+ s/);
  terminal.press('C');
  await eventually('the end of the line', () => /waiting for old worker \d+, \d+ s\x1b\[K(?:\^C)?\r\n$/.test(terminal.raw), { seen: () => terminal.raw }); // prettier-ignore
});

t.test('TERM does the same', { skip }, async (t) => {
  const run = await controlled(t, [], { options: [lingering] });
  const terminal = typed(t, run.directory, '--restart --control=c', { under: `sh -c 'echo "pid $$"; exec "$0" "$@"'` });
  await terminal.sees(/waiting for old worker \d+, \d+ s/);
  const [, pid] = await terminal.sees(/pid (\d+)/);
  process.kill(Number(pid), 'SIGTERM');
  await terminal.sees(/ s\x1b\[K\n(?:Terminated\s*)?code 143/);
});

for (const words of ['--restart --quiet --control=c', '--restart --control=c 2>said']) {
  t.test(`nothing is shown: ${words}`, { skip }, async (t) => {
    const run = await controlled(t);
    const terminal = typed(t, run.directory, words);
    await terminal.sees(/code 0/);
    t.equal(terminal.shown, 'code 0\n');
  });
}
