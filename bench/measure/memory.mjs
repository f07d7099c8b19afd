/** What a start_server holds of memory and descriptors, and whether it grows from generation to generation. */
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { atMost, digits, milliseconds } from '../compare.mjs';
import { asleep, descriptorsOf, memoryOf } from '../processes.mjs';
import { Running } from '../running.mjs';
import { growth, median } from '../statistics.mjs';

export const name = 'memory';
/** Generations of superdaemon; the others have a thousand at most. */
export const rounds = { quick: 200, full: 10_000 };

/** The Go ports lose HUPs, or wait a second for each. */
const slow = { lestrrat: 100, shogo: 10 };

const marks = [1, 100, 200, 500, 1000, 2000, 3000, 5000, 7000, 10_000];

export async function measure({ starters, rounds: generations }) {
  const limits = { superdaemon: generations, original: 1000, ...slow };
  const limitOf = ({ id }) => Math.min(generations, limits[id]);
  const series = [];
  for (const starter of starters) series.push({ starter, points: await grow(starter, limitOf(starter)) });
  const sleeper = { ...starters[0], id: 'superdaemon', name: 'superdaemon, --hibernate' };
  const sleeping = {
    starter: sleeper,
    points: await grow(sleeper, Math.min(generations, 1000), ['--hibernate=1'], asleep),
  };
  const floors = [await floor('bare node, idle', ['node', '-e', 'setInterval(() => {}, 1e9)'])];
  floors.push(await floor('bare sleep', ['sleep', '60']));
  const own = series[0].points;
  return {
    title: 'Memory',
    prose: [
      'Private anonymous memory is what the process has for itself; the rest of RSS is files that are mapped. A HUP follows as ' +
        'soon as the new worker runs; what is held is measured when nothing has happened for 4 s, as between the restarts of ' +
        'a day: superdaemon has given back the text of node by then or, with --hibernate, sleeps.',
    ],
    tables: [atTheEnd([...series, sleeping], floors), overTime(own)],
    plots: [
      beside([...series, sleeping]),
      curve('memory', 'Memory of superdaemon by generation', 'MB', own, {
        RSS: 'rss',
        'private anonymous': 'anonymous',
      }),
      {
        ...curve('hups', 'HUP to the new worker by generation', 'ms', own, { superdaemon: 'latency' }),
        what: 'the median of those since the point before',
      },
    ],
    goals: goals(series, floors[0], own),
  };
}

/** Memory and descriptors at the generations of `marks`. */
async function grow(starter, last, options = [], settled = async () => undefined) {
  const running = new Running(starter, ['--interval=0', '--path=socket', ...options]);
  const points = [];
  const latencies = [];
  try {
    await running.stamp('worker');
    await pause(1500); // it has settled
    for (let generation = 1; generation <= last; generation++) {
      if (generation > 1) latencies.push(milliseconds(await running.restart()));
      if (!marks.includes(generation) && generation !== last) continue;
      await pause(4000); // old workers go, superdaemon looks after 2 s what they have left, and what is freed goes back
      await settled(running);
      const latency = median(latencies.splice(0));
      points.push({
        generation,
        lost: running.lost,
        latency,
        ...memoryOf(running.pid),
        descriptors: descriptorsOf(running.pid),
      });
    }
    return points;
  } finally {
    await running.remove();
  }
}

/** RSS of all, to the thousandth generation. */
function beside(series) {
  const lines = series.map(({ starter, points }) => ({
    id: starter.id,
    name: starter.name,
    points: points.filter(({ generation }) => generation <= 1000).map(({ generation, rss }) => [generation, rss]),
  }));
  const title = 'RSS at rest by generation';
  return {
    type: 'curve',
    file: 'memory-beside',
    title,
    unit: 'MB',
    what: 'less is better',
    label: 'generation',
    lines,
  };
}

async function floor(title, [command, ...words]) {
  const child = spawn(command, words, { stdio: 'ignore', env: { PATH: process.env.PATH } });
  await pause(1000);
  const memory = memoryOf(child.pid);
  child.kill();
  return { title, ...memory };
}

function atTheEnd(series, floors) {
  const last = series.map(({ starter, points }) => ({ starter, ...(points.find(isThousandth) ?? points.at(-1)) }));
  return {
    title: 'At generation 1,000, or the last',
    head: ['', 'generation', 'RSS, MB', 'private anonymous, MB', 'descriptors', 'HUPs without effect'],
    rows: [
      ...last.map((row) => [
        row.starter.name,
        row.generation,
        digits(row.rss),
        digits(row.anonymous),
        row.descriptors,
        row.lost,
      ]),
      ...floors.map((row) => [row.title, '-', digits(row.rss), digits(row.anonymous), '-', '-']),
    ],
  };
}

function overTime(points) {
  const row = (point) => [point.generation, point.rss, point.anonymous, point.descriptors, point.latency];
  return {
    title: 'superdaemon over its generations',
    head: ['generation', 'RSS, MB', 'private anonymous, MB', 'descriptors', 'HUP to worker, ms'],
    rows: points.map(row).map(([generation, rss, anonymous, descriptors, latency]) => {
      return [generation, digits(rss), digits(anonymous), descriptors, digits(latency)];
    }),
  };
}

function curve(file, title, unit, points, fields) {
  const lines = Object.entries(fields).map(([name, field]) => ({
    id: 'superdaemon',
    name,
    points: points.filter((point) => Number.isFinite(point[field])).map((point) => [point.generation, point[field]]),
  }));
  return { type: 'curve', file, title, unit, label: 'generation', lines };
}

const isThousandth = ({ generation }) => generation === 1000;

function goals(series, node, own) {
  const original = series.find(({ starter }) => starter.id === 'original')?.points.find(isThousandth);
  const [hundredth, thousandth, last] = [own[1], own.find(isThousandth) ?? own.at(-1), own.at(-1)];
  const since = `from generation 100 to ${last.generation.toLocaleString('en')}`;
  const heap =
    `A bare idle node has ${digits(node.anonymous)} MB for itself. The rest is the command, compiled, and the part of the ` +
    'heap for new objects that is used before it is cleared. What else was tried is in the section on flags.';
  const latency = own.filter((point) => point.generation >= 100).map((point) => [point.generation, point.latency]);
  const share = thousandth.anonymous / (original?.anonymous ?? NaN);
  return [
    original === undefined
      ? { text: 'private anonymous memory after 1,000 generations', limit: 'at most 0.75', measured: 'not measured' }
      : atMost("private anonymous memory after 1,000 generations, of the original's", share, 0.75, heap),
    atMost('RSS at rest, in MB', thousandth.rss, 22, heap),
    atMost(`growth of RSS ${since}, in MB`, last.rss - hundredth.rss, 1, heap),
    atMost(`descriptors more ${since}`, last.descriptors - hundredth.descriptors, 0, '', String),
    atMost(`growth of the time of a HUP ${since}, as a power (1 is linear)`, growth(latency, 0.2), 1.1, ''),
  ];
}
