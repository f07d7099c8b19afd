/** From exec of start_server to the first instruction of the worker. */
import { bars, comparison, milliseconds, ratioGoal } from '../compare.mjs';
import { node, sleep } from '../floors.mjs';
import { interleaved } from '../rounds.mjs';
import { Running } from '../running.mjs';

export const name = 'start';
export const rounds = { quick: 9, full: 41 };

export async function measure({ starters, rounds: count }) {
  const subjects = [...starters, node, sleep];
  const samples = await interleaved(subjects, count, sample);
  const title = 'From exec of start_server to the first instruction of the worker';
  return {
    title,
    prose: [
      'A static program stamps the monotonic clock, becomes start_server, and a static worker stamps it again. The floors ' +
        'are whole lives: from exec to exit.',
    ],
    tables: [comparison(subjects, samples, 'ms')],
    plots: [bars(subjects, samples, { file: name, title, unit: 'ms' })],
    goals: [
      ratioGoal(
        'exec to the first instruction of the worker',
        0.55,
        samples,
        'Two thirds of it is node itself, from its exec to its first line of JavaScript.',
      ),
    ],
  };
}

async function sample(starter) {
  const running = new Running(starter, ['--interval=0']);
  try {
    const [begun, worker] = [await running.stamp('exec'), await running.stamp('worker')];
    return milliseconds(worker.time - begun.time);
  } finally {
    await running.remove();
  }
}
