/** How the cost of a HUP grows with what there is much of. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { atMost, digits, milliseconds } from '../compare.mjs';
import { Running } from '../running.mjs';
import { growth, median } from '../statistics.mjs';

export const name = 'scale';
/** HUPs for each point of a curve. */
export const rounds = { quick: 5, full: 41 };

const noise = 'A small growth at the middle of the curve, and what else ran meanwhile, make this uncertain.';
const roomy = ['prlimit', '--nofile=8192'];
const sizes = [1, 100, 250, 500, 750, 1000];

export async function measure({ starters, rounds: count, quick }) {
  const measured = starters.filter(({ id }) => ['superdaemon', 'original'].includes(id));
  const curves = [];
  for (const { file, title, label, sample } of subjects) {
    const lines = [];
    for (const starter of measured) {
      lines.push({ id: starter.id, name: starter.name, points: await sample(starter, count, quick) });
    }
    curves.push({ file, title, label, lines });
  }
  return {
    title: 'Scale',
    prose: [
      'The time from HUP to the first instruction of the new worker. The power says how its growth over the smallest size goes ' +
        'with the size: 1 is linear, 0 is no growth. 10,000 HUPs are in the section on memory. Where old workers linger, a HUP ' +
        'comes 20 ms after the last: at once, it would wait for the TERM that the last one sends to all of them, with ' +
        'superdaemon and the original from 350 to 450 of them on.',
    ],
    tables: curves.map(table),
    plots: curves.map(({ file, title, label, lines }) => ({
      type: 'curve',
      file,
      title: `HUP to worker by the number of ${title}`,
      unit: 'ms',
      what: 'less is better',
      label,
      lines,
    })),
    goals: curves.map(({ title, lines }) => {
      const { points } = lines.find(({ id }) => id === 'superdaemon');
      return atMost(`growth with the number of ${title}, as a power`, growth(points, 0.5), 1.15, noise);
    }),
  };
}

const subjects = [
  { file: 'listeners', title: 'listeners', label: 'listeners', sample: listeners },
  { file: 'lingering', title: 'old workers that linger', label: 'old workers', sample: lingering },
  { file: 'envdir', title: 'files in the envdir', label: 'files', sample: envdir },
];

async function listeners(starter, count) {
  const points = [];
  for (const size of sizes) {
    const options = Array.from({ length: size }, (_, index) => `--path=s${index}`);
    points.push([size, await medianOfHups(starter, ['--interval=0', ...options], count)]);
  }
  return points;
}

async function envdir(starter, count) {
  const directory = mkdtempSync(join(tmpdir(), 'superdaemon-bench-'));
  try {
    const points = [];
    for (const size of sizes) {
      const files = join(directory, String(size));
      mkdirSync(files);
      for (let index = 0; index < size; index++) writeFileSync(join(files, `VARIABLE_${index}`), `value ${index}\n`);
      points.push([size, await medianOfHups(starter, ['--interval=0', `--envdir=${files}`], count)]);
    }
    return points;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function medianOfHups(starter, options, count) {
  const running = new Running(starter, options, { under: roomy });
  try {
    await running.stamp('worker');
    const samples = [];
    for (let round = 0; round < count; round++) samples.push(milliseconds(await running.restart()));
    return median(samples);
  } finally {
    await running.remove();
  }
}

/**
 * Up to 500 old workers that ignore TERM, with a status file. A point is the median of the HUPs since the one before. A HUP
 * waits until the one before it is done with, which sends TERM to all of them.
 */
async function lingering(starter, _, quick) {
  const [last, step] = quick ? [100, 20] : [500, 50];
  const running = new Running(starter, ['--interval=0', '--status-file=status'], { worker: ['linger'] });
  try {
    await running.stamp('worker');
    const points = [];
    for (let size = step; size <= last; size += step) {
      const samples = [];
      for (let round = 0; round < step; round++) {
        await pause(20);
        samples.push(milliseconds(await running.restart()));
      }
      points.push([size, median(samples)]);
    }
    return points;
  } finally {
    running.killWorkers();
    await running.remove();
  }
}

function table({ title, label, lines }) {
  const rows = lines[0].points.map(([size], index) => [size, ...lines.map(({ points }) => digits(points[index][1]))]);
  return {
    title: `HUP to worker in ms, by the number of ${title}`,
    head: [label, ...lines.map(({ name }) => name)],
    rows,
  };
}
