/** From HUP to the first instruction of the new worker, and from a worker's death to that of its successor. */
import { setTimeout as pause } from 'node:timers/promises';
import { bars, comparison, milliseconds, ratioGoal } from '../compare.mjs';
import { starter as floor } from '../floors.mjs';
import { quiet } from '../quiet.mjs';
import { interleaved } from '../rounds.mjs';
import { Running } from '../running.mjs';

export const name = 'restart';
export const rounds = { quick: 9, full: 41 };

export async function measure({ starters, rounds: count }) {
  const subjects = [...starters, floor];
  const hup = await onRunning(subjects, ['--interval=0'], count, (running) => running.restart());
  const death = await onRunning(subjects, ['--interval=1'], Math.ceil(count / 2), afterDeath, pastProbation);
  const titles = [
    'From HUP to the first instruction of the new worker',
    'From the death of the worker to its successor',
  ];
  return {
    title: 'A new worker',
    prose: [
      'Each start_server runs all the time, and each takes its turn to get a HUP, after a quarter of a second in which ' +
        'nothing is asked of anybody: a HUP in production comes hours after the last, when nothing of it is in the caches of ' +
        'the processor any more. For a death, the worker is told to end itself and stamps the clock with its last ' +
        'instruction. The C program does nothing else, not even what a start_server has to. The Go port of shogo82148 looks ' +
        'for signals once a second.',
    ],
    tables: [
      { title: titles[0], ...comparison(subjects, hup, 'ms') },
      { title: titles[1], ...comparison(subjects, death, 'ms') },
    ],
    plots: [
      bars(subjects, hup, { file: 'hup', title: titles[0], unit: 'ms' }),
      bars(subjects, death, { file: 'death', title: titles[1], unit: 'ms' }),
    ],
    goals: [
      ratioGoal('HUP to the first instruction of the new worker', 0.45, hup, coldCode),
      ratioGoal('the same, of what a C program takes that does nothing else', 1.3, hup, coldCode, floor.id),
      ratioGoal('death of the worker to its successor', 0.5, death, coldCode),
    ],
  };
}

const coldCode = 'Signals take their way through the event loop of node, and seldom used JavaScript is interpreted.';

/** Milliseconds; a worker that dies before, in its probation, has failed to start, and is replaced in another way. */
const pastProbation = 1300;

/** Samples of start_servers that all run at the same time, each after a quiet; `rest`: so many milliseconds after the last. */
async function onRunning(starters, options, rounds, sample, rest = 0) {
  const running = new Map(starters.map((starter) => [starter.id, new Running(starter, options)]));
  const restFirst = async ({ id }) => {
    const each = running.get(id);
    const { time } = await each.stamp('worker', each.stamps('worker').length);
    await pause(Math.max(0, rest - milliseconds(Number(process.hrtime.bigint()) - time)));
    await quiet();
    return milliseconds(await sample(each));
  };
  try {
    for (const each of running.values()) await each.stamp('worker');
    return await interleaved(starters, rounds, restFirst);
  } finally {
    for (const each of running.values()) await each.remove();
  }
}

/** Makes the worker end by itself and gives the nanoseconds from there to its successor's first instruction. */
async function afterDeath(running) {
  const [deaths, workers] = [running.stamps('death').length, running.stamps('worker').length];
  process.kill(running.worker, 'SIGUSR1');
  const death = await running.stamp('death', deaths + 1);
  return (await running.stamp('worker', workers + 1)).time - death.time;
}
