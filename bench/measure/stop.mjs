/** How long it takes to end, and what the commands --restart and --stop take. */
import { bars, comparison, milliseconds, ratioGoal } from '../compare.mjs';
import { handler, node, starter as floor } from '../floors.mjs';
import { quiet } from '../quiet.mjs';
import { interleaved } from '../rounds.mjs';
import { Running, timed } from '../running.mjs';
import { median } from '../statistics.mjs';

export const name = 'stop';
export const rounds = { quick: 5, full: 25 };

const files = ['--interval=0', '--pid-file=pid', '--status-file=status'];

export async function measure({ starters, rounds: count }) {
  const commanded = starters.filter(({ commands }) => commands.includes('stop'));
  const enders = [...starters, handler, floor];
  const stoppers = [...commanded, node];
  const end = await interleaved(enders, count, ended);
  const restart = await interleaved(commanded, Math.ceil(count / 3), restarted);
  const stop = await interleaved(stoppers, count, stopped);
  const shown = [
    { file: 'term', title: 'From TERM to the exit, with a worker that ends at once', subjects: enders, samples: end },
    { file: 'restart-command', title: 'The command --restart', subjects: commanded, samples: restart },
    { file: 'stop-command', title: 'The command --stop', subjects: stoppers, samples: stop },
  ];
  return {
    title: 'Ends and commands',
    prose: [
      'The commands are measured from their exec to their exit, with an interval of 0 and a worker that ends at once. Before ' +
        'its first worker runs, a --stop of the original may find no pid file; each sample begins a quarter of a second after ' +
        'that, in which nothing is asked of anybody. The Go ports have no such commands.',
    ],
    tables: shown.map(({ title, subjects, samples }) => ({ title, ...comparison(subjects, samples, 'ms') })),
    plots: shown.map(({ file, title, subjects, samples }) => bars(subjects, samples, { file, title, unit: 'ms' })),
    goals: [
      ratioGoal(
        'TERM to exit with a worker that ends at once',
        0.85,
        end,
        `It is ${ofOriginal(end)} for a bare node that ends itself in its handler for TERM: to get a signal to JavaScript ` +
          'takes longer than to a perl, and so does the kernel to take down the threads and the address space.',
      ),
      ratioGoal('--restart with an interval of 0', 0.08, restart, ''),
      ratioGoal(
        '--stop',
        0.8,
        stop,
        `It is ${ofOriginal(stop)} for a bare node with nothing to do; the start_server that is told to end takes the rest.`,
      ),
    ],
  };
}

/** How much of the original's time a bare node takes. */
function ofOriginal(samples) {
  const [floor, original] = ['node', 'original'].map((id) => median(samples.get(id) ?? []));
  return (floor / original).toFixed(2);
}

async function standing(starter) {
  const running = new Running(starter, files);
  await running.stamp('worker');
  if (starter !== floor) await running.until('the status file', () => running.has('status') && running.has('pid'));
  await quiet();
  return running;
}

async function ended(starter) {
  return milliseconds(await (await standing(starter)).end());
}

async function restarted(starter) {
  const running = await standing(starter);
  try {
    return await command(starter, running, ['--restart', '--pid-file=pid', '--status-file=status']);
  } finally {
    await running.remove();
  }
}

async function stopped(starter) {
  const running = await standing(starter);
  try {
    return await command(starter, running, ['--stop', '--pid-file=pid']);
  } finally {
    await running.remove();
  }
}

async function command(starter, { directory }, words) {
  const { nanoseconds, code } = await timed([...starter.command, ...words], directory);
  if (code !== 0) throw new Error(`${starter.name} ${words[0]} gave ${code}`);
  return milliseconds(nanoseconds);
}
