/** What makes the first requests of a new Node.js worker fast, for an express application. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atMost, digits } from '../compare.mjs';
import { answers, openSocket, port, restarting, standing, startBare, status, wrk } from '../loading.mjs';
import { threadIdsOf } from '../processes.mjs';
import { root } from '../programs.mjs';
import { interleaved } from '../rounds.mjs';
import { endOf } from '../running.mjs';
import { median } from '../statistics.mjs';
import { total } from '../wrk.mjs';
import { nodeOf } from './nodes.mjs';

export const name = 'warm';
/** Rounds of both parts. */
export const rounds = { quick: 1, full: 5 };

const worker = join(root, 'bench/programs/warmed.mjs');
const connections = 50;
/** Milliseconds from one restart to the next: as long as the slowest way takes, so that each has as many new workers in a time. */
const turn = 3300;
/** How many requests one after the other are looked at, and the parts of them that are shown. */
const requests = 1500;
const parts = [
  ['the first', 0, 1],
  ['the first 10', 0, 10],
  ['the first 100', 0, 100],
  ['the next 400', 100, 500],
  ['the last 500', 1000, 1500],
];

export async function measure({ starters, rounds: count, quick }) {
  const restarts = quick ? 1 : 3;
  const cache = mkdtempSync(join(tmpdir(), 'superdaemon-bench-cache-'));
  try {
    const first = await firstRequests(cache, count);
    const under = await underLoad(
      starters.find(({ id }) => id === 'superdaemon'),
      count,
      restarts,
    );
    return {
      title: 'Warm workers',
      prose: [
        'An express application. First requests: processor time of its main thread for each of 1,500 requests, one after the ' +
          'other, each on a new connection; medians of the rounds. The start is all of its processor time until it listens, ' +
          'with what it has been warmed up by. NODE_COMPILE_CACHE has been filled by a run before, and needs Node.js 22.',
        `Under load: wrk with ${connections} connections and a new one for each request, while it is restarted ${restarts} times in each ` +
          `round, one every ${turn / 1000} s. ` +
          'What stands behind a figure is how many times that of the bare server it is.',
      ],
      tables: [first.table, under.table],
      plots: [],
      goals: [...first.goals, ...under.goals],
    };
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

async function firstRequests(cache, count) {
  const newer = nodeOf('24');
  const subjects = [
    { id: 'cold', name: 'as it is', node: 'node' },
    { id: 'warm', name: '`warmUp`', node: 'node', words: ['warm'] },
    ...(newer === undefined
      ? []
      : [
          { id: 'newer', name: 'Node.js 24, as it is', node: newer },
          { id: 'cached', name: 'Node.js 24, NODE_COMPILE_CACHE', node: newer, env: { NODE_COMPILE_CACHE: cache } },
          { id: 'newer warm', name: 'Node.js 24, `warmUp`', node: newer, words: ['warm'] },
        ]),
  ];
  const samples = await interleaved(subjects, count, firstOf);
  const of = (id, look) => median(samples.get(id).map(look));
  const figure = (id, [, from, to]) => of(id, ({ times }) => mean(times.slice(from, to)));
  const rows = subjects.map(({ id, name }) => [
    name,
    digits(of(id, ({ start }) => start)),
    ...parts.map((part) => digits(figure(id, part))),
  ]);
  const [, ten] = parts;
  const gain = figure('warm', ten) / figure('cold', ten);
  return {
    table: {
      title: 'Processor time of first requests, ms each',
      head: ['', 'the start, ms', ...parts.map(([title]) => title)],
      rows,
    },
    goals: [atMost('the first 10 requests of a worker that is warmed up, of one that is not', gain, 0.6, '', share)],
  };
}

/** A worker of its own, and milliseconds of processor time: of all that it does until it listens, and for each request. */
async function firstOf({ node, words = [], env }) {
  const { socket, name } = openSocket(port);
  const { PATH, HOME } = process.env;
  const child = spawn(node, [worker, ...words], {
    env: { PATH, HOME, LANG: 'C', SERVER_STARTER_PORT: `${name}=3`, SERVER_STARTER_GENERATION: '1', ...env },
    stdio: ['ignore', 'pipe', 'ignore', socket],
  });
  const ended = once(child, 'exit');
  closeSync(socket);
  try {
    await once(child.stdout, 'data');
    const start = threadIdsOf(child.pid).reduce((sum, thread) => sum + onProcessor(child.pid, thread), 0);
    const times = [];
    for (let count = 0; count < requests; count++) {
      const before = onProcessor(child.pid, child.pid);
      await status();
      times.push(onProcessor(child.pid, child.pid) - before);
    }
    return { start, times };
  } finally {
    await endOf(child, ended);
  }
}

/** Milliseconds of processor time that a thread has had, to the nanosecond. */
function onProcessor(pid, thread) {
  return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
}

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

async function underLoad(starter, count, restarts) {
  const cold = { command: ['node', worker] };
  const warm = { command: ['node', worker, 'warm'] };
  const under = (server, options = []) =>
    restarting(standing(starter, { ...server, options }), connections, restarts, turn);
  const subjects = [
    { id: 'bare', name: 'bare, without a restart', load: bare },
    { id: 'cold', name: 'as it is', load: () => under(cold) },
    { id: 'delay', name: '`--kill-old-delay=2`', load: () => under(cold, ['--kill-old-delay=2']) },
    { id: 'warm', name: '`warmUp`', load: () => under(warm) },
    { id: 'ready', name: '`warmUp`, `--ready=notify`', load: () => under(warm, ['--ready=notify']) },
  ];
  const samples = await interleaved(subjects, count, ({ load }) => load());
  const [base, ...rest] = subjects.map(({ id, name }) => ({ id, name, ...total(samples.get(id), median) }));
  const times = (row, look) => `${digits(look(row))} (${share(look(row) / look(base))})`;
  const columns = [({ rate }) => rate, ({ p50 }) => p50, ({ p99 }) => p99];
  const failed = rest.reduce((sum, row) => sum + row.failed, 0);
  return {
    table: {
      title: `Under load, ${connections} connections`,
      head: ['', 'requests a second', 'p50, ms', 'p99, ms', 'requests', 'failed'],
      rows: [base, ...rest].map((row) => [
        row.name,
        ...columns.map((look) => times(row, look)),
        row.requests,
        row.failed,
      ]),
    },
    goals: [atMost('express while it is restarted: failed or refused requests', failed, 0, '', String)],
  };
}

async function bare() {
  const running = startBare({ command: ['node', worker] });
  try {
    await answers();
    return await wrk(connections, 5);
  } finally {
    await running.remove();
  }
}

const share = (number) => number.toFixed(2);
