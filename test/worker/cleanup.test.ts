/** What a program does after `closed` is not cut short by the signals that follow the first one. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { Program } from '../helpers/processes/program.js';
import { room } from '../helpers/place/room.js';
import { fixture } from '../helpers/place/samples.js';
import { isAlive, ours, Run } from '../helpers/running/starter.js';
import { InteractiveTerminal, withoutTerminal } from '../helpers/output/interactive-terminal.js';

const program = fixture('database.js');

/** Options of start_server, and words for the program. */
const workers: readonly (readonly [name: string, options: readonly string[], words: readonly string[]])[] = [
  ['one server', ['--path=s'], []],
  ['several servers', ['--path=s', '--path=t'], []],
  ['node:cluster', ['--path=s'], ['cluster']],
  // To INT and QUIT start_server has its workers end by TERM, whatever --signal-on-term says.
  ['another retire signal', ['--path=s', '--signal-on-hup=QUIT', '--signal-on-term=QUIT'], ['SIGQUIT']],
];

for (const [name, options, words] of workers) {
  t.test(`Ctrl-C, and Ctrl-C again, in the terminal of start_server: ${name}`, { skip: withoutTerminal }, async (t) => {
    const cwd = room(t);
    const command = [ours.command, ...options, '--', process.execPath, program, ...words].join(' ');
    const terminal = new InteractiveTerminal(t, command, { cwd });
    const [, worker] = await terminal.sees(/^serving as (\d+)/m);
    terminal.press('C');
    await terminal.sees(/^received INT, sending TERM to all workers/m);
    await terminal.sees(/^closing the database/m);
    terminal.press('C');
    // Those of the terminal and of start_server may be on their way still; these have come.
    process.kill(Number(worker), 'SIGINT');
    process.kill(Number(worker), 'SIGTERM');
    writeFileSync(join(cwd, 'closable'), '');
    await terminal.sees(/^exiting/m);
    t.match(terminal.shown, /^the database is closed\nworker \d+ died/m);
  });
}

t.test('Ctrl-\\ ends one that hangs', { skip: withoutTerminal }, async (t) => {
  const terminal = new InteractiveTerminal(t, `${ours.command} --path=s -- ${process.execPath} ${program}`, {
    cwd: room(t),
  });
  await terminal.sees(/^serving as/m);
  terminal.press('C');
  await terminal.sees(/^closing the database/m);
  terminal.press('\\');
  await terminal.sees(/^exiting/m);
  t.match(terminal.shown, /^worker \d+ died, status:(3|131)$/m, 'with a core file or without');
});

t.test('a swap, and TERM during the swap', async (t) => {
  const cwd = room(t);
  const run = new Run(t, ['--interval=0', '--path=s', '--', process.execPath, program], { cwd });
  const seen = () => run.stdout;
  await eventually('the first', () => run.stdout.includes('serving'), { seen });
  run.signal('SIGHUP');
  await eventually('its end', () => run.stdout.includes('closing'), { seen });
  await eventually('the second', () => run.stdout.match(/^serving/gm)?.length === 2, { seen });
  run.signal('SIGTERM');
  await run.sees(/^received TERM/);
  for (const worker of run.workers) process.kill(worker, 'SIGTERM');
  writeFileSync(join(cwd, 'closable'), '');
  t.same(await run.ended(), { code: 0, signal: null });
  t.equal(run.stdout.match(/^the database is closed$/gm)?.length, 2);
});

t.test('a process of node:cluster without start_server, which its primary tells once more', async (t) => {
  const cwd = room(t);
  const running = new Program(t, [program, 'cluster'], {}, cwd);
  const [, worker] = await running.sees(/^serving as (\d+)$/m);
  process.kill(Number(worker), 'SIGINT');
  await running.sees(/^closing the database$/m);
  process.kill(Number(worker), 'SIGTERM');
  writeFileSync(join(cwd, 'closable'), '');
  await running.sees(/^the database is closed$/m);
  await eventually('the end of the process', () => !isAlive(Number(worker)));
  t.same(await running.ended(), { code: 0, signal: null });
});
