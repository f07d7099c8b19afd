/** How long it takes to end, and what the commands --restart and --stop take. */
import { bars, comparison, milliseconds, ratioGoal } from '../compare.mjs';
import { handler, node } from '../floors.mjs';
import { interleaved } from '../rounds.mjs';
import { Running, timed } from '../running.mjs';
import { median } from '../statistics.mjs';

export const name = 'stop';
export const rounds = { quick: 5, full: 25 };

const files = ['--interval=0', '--pid-file=pid', '--status-file=status'];

export async function measure({ starters, rounds: count }) {
  const commanded = starters.filter(({ commands }) => commands.includes('stop'));
  const end = await interleaved([...starters, handler], count, ended);
  const restart = await interleaved(commanded, Math.ceil(count / 3), restarted);
  const stop = await interleaved([...commanded, node], count, stopped);
  const titles = [
    'From TERM to the exit, with a worker that ends at once',
    'The command --restart',
    'The command --stop',
  ];
  return {
    title: 'Ends and commands',
    prose: [
      'The commands are measured from their exec to their exit, with an interval of 0 and a worker that ends at once. Before ' +
        'its first worker stands, a --stop of the original may find no pid file; each sample begins after that. The Go ports ' +
        'have no such commands.',
    ],
    tables: [
      { title: titles[0], ...comparison([...starters, handler], end, 'ms') },
      { title: titles[1], ...comparison(commanded, restart, 'ms') },
      { title: titles[2], ...comparison([...commanded, node], stop, 'ms') },
    ],
    plots: [
      bars([...starters, handler], end, { file: 'term', title: titles[0], unit: 'ms' }),
      bars(commanded, restart, { file: 'restart-command', title: titles[1], unit: 'ms' }),
      bars([...commanded, node], stop, { file: 'stop-command', title: titles[2], unit: 'ms' }),
    ],
    goals: [
      ratioGoal(
        'TERM to exit with a worker that ends at once',
        1,
        end,
        `It is ${ofOriginal(end)} for a bare node that ends itself in its handler for TERM: to get a signal to JavaScript ` +
          'takes longer than to a perl, and so does the kernel to take down the threads and the address space.',
      ),
      ratioGoal('--restart with an interval of 0', 0.15, restart, ''),
      ratioGoal(
        '--stop',
        0.8,
        stop,
        `It is ${ofOriginal(stop)} for a bare node with nothing to do; the start_server that is told to end takes the rest.`,
      ),
    ],
  };
}

/** The share of a bare node. */
function ofOriginal(samples) {
  const [floor, original] = ['node', 'original'].map((id) => median(samples.get(id) ?? []));
  return (floor / original).toFixed(2);
}

async function standing(starter) {
  const running = new Running(starter, files);
  await running.stamp('worker');
  await running.until('the status file', () => running.has('status') && running.has('pid'));
  return running;
}

async function ended(subject) {
  if (subject.floor !== undefined) return subject.floor();
  return milliseconds(await (await standing(subject)).end());
}

async function restarted(starter) {
  const running = await standing(starter);
  try {
    return await command(starter, running, ['--restart', '--pid-file=pid', '--status-file=status']);
  } finally {
    await running.remove();
  }
}

async function stopped(subject) {
  if (subject.floor !== undefined) return subject.floor();
  const running = await standing(subject);
  try {
    return await command(subject, running, ['--stop', '--pid-file=pid']);
  } finally {
    await running.remove();
  }
}

async function command(starter, { directory }, words) {
  const { nanoseconds, code } = await timed([...starter.command, ...words], directory);
  if (code !== 0) throw new Error(`${starter.name} ${words[0]} gave ${code}`);
  return milliseconds(nanoseconds);
}
