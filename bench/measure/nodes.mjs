/** What V8 flags do to memory and start, under each version of node that is at hand. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { spawnSync } from 'node:child_process';
import { digits, milliseconds } from '../compare.mjs';
import { memoryOf } from '../processes.mjs';
import { root } from '../programs.mjs';
import { Running } from '../running.mjs';
import { median } from '../statistics.mjs';

export const name = 'nodes';
/** Generations. */
export const rounds = { quick: 100, full: 1000 };

const majors = ['20', '22', '24', '26'];
const tried = [
  { flags: [], note: 'none' },
  { flags: ['--no-opt'] },
  { flags: ['--no-opt', '--no-sparkplug'] },
  { flags: ['--no-opt', '--single-threaded'] },
  { flags: ['--v8-pool-size=0'] },
  { flags: ['--max-semi-space-size=1'] },
  { flags: ['--optimize-for-size'] },
  { flags: ['--lite-mode'] },
  { flags: ['--jitless'] },
];

export async function measure({ rounds: generations, quick }) {
  const nodes = majors.map((major) => ({ major, file: nodeOf(major) })).filter(({ file }) => file !== undefined);
  const rows = [];
  try {
    for (const { file } of quick ? nodes.slice(0, 1) : nodes) {
      const version = spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout.trim();
      compileFor(file);
      for (const { flags, note } of quick ? tried.slice(0, 2) : tried) {
        const words = note ?? flags.join(' ');
        const numbers = await under(file, flags, generations).catch(() => ['refused', '-', '-', '-']);
        rows.push([version, words, ...numbers]);
      }
    }
  } finally {
    compileFor(process.execPath);
  }
  return {
    title: 'Flags of node that were tried',
    prose: [
      `superdaemon without its launcher, with flags on the command line of node, after ${generations} generations. ${explained}`,
      missing(nodes),
    ].filter(Boolean),
    tables: [{ head: ['node', 'flags', 'start, ms', 'RSS, MB', 'private anonymous, MB', 'HUP to worker, ms'], rows }],
    plots: [],
    goals: [],
  };
}

const explained =
  'Soon after its start the superdaemon switches off the compilers of V8 at run time (`--no-opt`, `--no-maglev`, ' +
  '`--no-sparkplug`) and keeps its heap for new objects small, which saves 6 to 10 MB, and it does so in each row here. On the command line every flag of V8 makes a start ' +
  'longer: the code of node itself, and of the command, is compiled again, because what was compiled ahead was so with other flags. So none is there. `--lite-mode` and ' +
  '`--jitless` print a warning under node 20 and 22.';

function missing(nodes) {
  const absent = majors.filter((major) => nodes.every((node) => node.major !== major));
  return absent.length > 0 && `Not measured: node ${absent.join(', ')} (\`npm run test:nodes\` fetches them).`;
}

/** Compiles the command as an installation with this node does. */
function compileFor(node) {
  spawnSync(node, [join(root, 'dist/compile.cjs')], { stdio: 'ignore' });
}

/** This node, or one that `npm run test:nodes` has fetched. */
export function nodeOf(major) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const file = join(root, 'build/nodes', major, 'node_modules', name, 'bin/node');
  return existsSync(file) ? file : undefined;
}

/** Start, RSS, private anonymous memory and time of a HUP, as text. */
async function under(node, flags, generations) {
  const command = [node, ...flags, join(root, 'dist/start_server.cjs')];
  const starts = [];
  for (let round = 0; round < 3; round++) starts.push(await start(command));
  const running = new Running({ command }, ['--interval=0']);
  try {
    await running.stamp('worker');
    await pause(1500);
    const latencies = [];
    for (let generation = 1; generation < generations; generation++) latencies.push(await running.restart());
    await pause(300);
    const { rss, anonymous } = memoryOf(running.pid);
    return [median(starts), rss, anonymous, milliseconds(median(latencies))].map(digits);
  } finally {
    await running.remove();
  }
}

async function start(command) {
  const running = new Running({ command }, ['--interval=0']);
  try {
    const [begun, worker] = [await running.stamp('exec'), await running.stamp('worker')];
    return milliseconds(worker.time - begun.time);
  } finally {
    await running.remove();
  }
}
