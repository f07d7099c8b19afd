/**
 * Two servers under load: alone, under a start_server that rests, and while it restarts them a hundred times. To tell what
 * the swaps cost from what the starts of workers do, some are started at the same pace beside a server that stays.
 */
import { spawnSync } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { atMost, digits } from '../compare.mjs';
import { answers, Bare, openSocket, pace, restarting, standing, startBare, whileLoaded, wrk } from '../loading.mjs';
import { root } from '../programs.mjs';
import { interleaved } from '../rounds.mjs';
import { median } from '../statistics.mjs';
import { total } from '../wrk.mjs';

export const name = 'load';
/** Restarts. */
export const rounds = { quick: 3, full: 100 };

/** The port of the copies that are started beside a server. */
const otherPort = 18_733;
/** Fewer restarts for what is only shown for comparison, so that the whole takes minutes. */
const fewer = 25;
const servers = [
  {
    name: 'Starlet',
    command: ['plackup', '-s', 'Starlet', '-E', 'deployment', '--max-workers=10', join(root, 'examples/psgi/app.psgi')],
    isHere: () => spawnSync('perl', ['-MPlack::Handler::Starlet', '-e', '1']).status === 0,
  },
  { name: 'node:http', command: ['node', join(root, 'examples/http-worker.js')], isHere: () => true },
];

export async function measure({ starters, rounds: restarts, quick }) {
  const measured = starters.filter(({ id }) => ['superdaemon', 'original'].includes(id));
  const there = servers.filter(({ isHere }) => isHere()).slice(0, quick ? 1 : undefined);
  const results = [];
  for (const server of there) {
    for (const connections of quick ? [50] : [50, 500]) {
      results.push(
        await underLoad(server, connections, measured, {
          restarts,
          seconds: quick ? 1 : 3,
          steadyRounds: quick ? 1 : 3,
        }),
      );
    }
  }
  return {
    title: 'Under load',
    prose: [
      'wrk with one thread, a new connection for each request, on the same machine: wrk, the server and what restarts it share ' +
        'its processors. Bare is the same worker on the same kind of socket, given to it without a start_server. Steady rounds ' +
        'are interleaved, and their medians shown. A restart follows as soon as the one before is done, with the interval of ' +
        'one second that is the default. Starts beside it: the bare server stays, while copies of it are started and ended ' +
        'at the same pace, on a socket of their own without clients; this shows what the starts themselves cost.',
      ...servers.filter((server) => !there.includes(server)).map((server) => `Not measured: ${server.name}.`),
    ],
    tables: results.map(table),
    plots: [],
    goals: results.flatMap(goals),
  };
}

async function underLoad(server, connections, starters, { restarts, seconds, steadyRounds }) {
  const bare = { id: 'bare', name: 'bare', start: () => startBare(server) };
  const under = starters.map((starter) => ({ ...starter, start: () => standing(starter, server) }));
  const steady = await interleaved([bare, ...under], steadyRounds, async ({ start }) => {
    const running = start();
    try {
      await answers();
      return await wrk(connections, seconds);
    } finally {
      await running.remove();
    }
  });
  const rows = [bare, ...under].map(({ id, name }) => ({ id, name, what: 'steady', ...total(steady.get(id), median) }));
  const some = Math.min(fewer, restarts);
  const beside = await besideStarts(bare.start(), server, connections, some);
  rows.push({ ...bare, what: `${some} starts beside it`, ...beside });
  for (const { id, name, start } of under) {
    const count = id === 'superdaemon' ? restarts : some;
    rows.push({ id, name, what: `${count} restarts`, ...(await restarting(start(), connections, count)) });
  }
  return { title: `${server.name}, ${connections} connections`, rows };
}

/** The bare server stays, and copies take the place of new workers. */
async function besideStarts(stays, server, connections, starts) {
  const given = openSocket(otherPort);
  let copy;
  try {
    return await whileLoaded(connections, starts, async () => {
      void copy?.remove();
      copy = new Bare(server, given);
      await pause(pace);
    });
  } finally {
    await copy?.remove();
    await stays.remove();
    closeSync(given.socket);
  }
}

function table({ title, rows }) {
  return {
    title,
    head: ['', '', 'requests a second', 'p50, ms', 'p99, ms', 'requests', 'failed', 'generations'],
    rows: rows.map(({ name, what, rate, p50, p99, requests, failed, generations }) => {
      return [name, what, digits(rate), digits(p50), digits(p99), requests, failed, generations ?? '-'];
    }),
  };
}

function goals({ title, rows }) {
  const [bare] = rows;
  const [steady, restarts] = rows.filter(({ id }) => id === 'superdaemon');
  const beside = rows.find(({ id, what }) => id === 'bare' && what !== 'steady');
  const restartsOfOriginal = rows.filter(({ id }) => id === 'original').at(-1);
  const worst = (row) => Math.max(bare.rate / row.rate, row.p50 / bare.p50, row.p99 / bare.p99);
  const share = (number) => number.toFixed(2);
  const cost =
    'A new worker takes processor time to start, and serves before it is warm: for a bare server that stays while others ' +
    `start beside it, it is ${share(worst(beside))}` +
    (restartsOfOriginal ? `, and under the original ${share(worst(restartsOfOriginal))}.` : '.');
  const noise = 'No process stands between the socket and the server: what differs is what else the machine did.';
  return [
    atMost(`${title}: failed or refused requests`, steady.failed + restarts.failed, 0, '', String),
    atMost(`${title}: the worst of throughput, p50 and p99, times bare, steady`, worst(steady), 1.03, noise, share),
    atMost(`${title}: the same during ${restarts.what}`, worst(restarts), 1.1, cost, share),
  ];
}
