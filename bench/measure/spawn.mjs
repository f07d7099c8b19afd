/** For how long a spawn blocks the event loop: in that time nothing else is noticed, not even a signal. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { atMost, comparison, digits } from '../compare.mjs';
import { program, root } from '../programs.mjs';
import { median, quantile } from '../statistics.mjs';

export const name = 'spawn';
export const rounds = { quick: 60, full: 300 };

const cases = [
  { id: 'small', name: 'a small heap' },
  { id: 'large', name: 'a heap of 200 MB', heap: 200 },
  { id: 'descriptors', name: '1,000 descriptors', descriptors: 1000 },
  { id: 'path', name: 'the program behind 50 elements of PATH', elements: 50 },
  { id: 'node', name: "node's child_process.spawn, a small heap", more: ['child_process'] },
  { id: 'node-large', name: "node's child_process.spawn, a heap of 200 MB", heap: 200, more: ['child_process'] },
];

export function measure({ rounds: count }) {
  const samples = new Map(cases.map((each) => [each.id, blocked(each, count)]));
  const { head, rows } = comparison(cases, samples, 'us');
  const last = cases.map(({ id }) => digits(quantile(samples.get(id), 0.99)));
  const small = median(samples.get('small'));
  const slower = median(samples.get('large')) / small;
  return {
    title: 'For how long a spawn blocks the event loop',
    prose: [
      'The call of the addon, with all that JavaScript and C++ prepare. The child comes by vfork, which copies no page ' +
        'table; the parent waits for its exec.',
    ],
    tables: [
      {
        head: ['', head[1], head[2], '99 of 100 below', head[4]],
        rows: rows.map((row, index) => [row[0], row[1], row[2], last[index], row[4]]),
      },
    ],
    plots: [],
    goals: [
      atMost('event loop blocked by a spawn, in us', small, 100, walk),
      atMost('the same with a heap of 200 MB, in us', median(samples.get('large')), 100, walk),
      atMost('how many times as long that is', slower, 1.5, walk),
    ],
  };
}

const walk = 'The exec itself takes most of it, which no way to spawn can save; how long depends on the machine.';

function blocked({ heap = 0, descriptors = 3, elements = 0, more = [] }, count) {
  const script = join(root, 'bench/programs/blocked.mjs');
  const addon = join(root, 'build/Release/superdaemon.node');
  const words = [addon, program('nothing'), heap, count, descriptors, elements, ...more].map(String);
  const limit = ['prlimit', '--nofile=4096'];
  const [command, ...rest] = [...limit, process.execPath, script, ...words];
  return JSON.parse(execFileSync(command, rest, { encoding: 'utf8' })).taken.slice(5);
}
