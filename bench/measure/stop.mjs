/** How long it takes to end, and what the commands --restart and --stop take. */
import { bars, comparison, milliseconds, ratioGoal } from '../compare.mjs';
import { interleaved } from '../rounds.mjs';
import { Running, timed } from '../running.mjs';

export const name = 'stop';
export const rounds = { quick: 5, full: 25 };

const takedown =
  'About half of it is the kernel taking down the threads and the address space of node, which is larger than a perl; most ' +
  'of the rest is JavaScript that runs for the first time.';
const wholeNode = 'A whole node is started for the command.';

const files = ['--interval=0', '--pid-file=pid', '--status-file=status'];

export async function measure({ starters, rounds: count }) {
  const commanded = starters.filter(({ commands }) => commands.includes('stop'));
  const end = await interleaved(starters, count, ended);
  const restart = await interleaved(commanded, Math.ceil(count / 3), restarted);
  const stop = await interleaved(commanded, count, stopped);
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
    tables: [end, restart, stop].map((samples, index) => ({
      title: titles[index],
      ...comparison(starters, samples, 'ms'),
    })),
    plots: [
      bars(starters, end, { file: 'term', title: titles[0], unit: 'ms' }),
      bars(commanded, restart, { file: 'restart-command', title: titles[1], unit: 'ms' }),
      bars(commanded, stop, { file: 'stop-command', title: titles[2], unit: 'ms' }),
    ],
    goals: [
      ratioGoal('TERM to exit with a worker that ends at once', 1, end, takedown),
      ratioGoal('--restart with an interval of 0', 0.15, restart, wholeNode),
      ratioGoal('--stop', 0.8, stop, wholeNode),
    ],
  };
}

async function standing(starter) {
  const running = new Running(starter, files);
  await running.stamp('worker');
  await running.until('the status file', () => running.has('status') && running.has('pid'));
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
