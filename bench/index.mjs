/**
 * npm run bench: measures superdaemon beside every peer that is here, and writes docs/benchmarks.md with its plots.
 *
 *     npm run bench                                 all of it, some 25 minutes
 *     npm run bench -- --quick                      few rounds of each, in under two minutes
 *     npm run bench -- --only start,restart         these measurements, into build/bench/report
 *     npm run bench -- --rounds 5 --out DIRECTORY   so many rounds; the page into a directory
 *     npm run bench -- --redraw                     page and plots again, from the figures of the last run
 *
 * BENCH_GO_LESTRRAT and BENCH_GO_SHOGO name the binaries of the two Go ports.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { load, machine } from './machine.mjs';
import * as handover from './measure/handover.mjs';
import * as idle from './measure/idle.mjs';
import * as underLoad from './measure/load.mjs';
import * as memory from './measure/memory.mjs';
import * as nodes from './measure/nodes.mjs';
import * as restart from './measure/restart.mjs';
import * as scale from './measure/scale.mjs';
import * as spawn from './measure/spawn.mjs';
import * as start from './measure/start.mjs';
import * as stop from './measure/stop.mjs';
import * as warm from './measure/warm.mjs';
import { root } from './programs.mjs';
import { readFigures, writeReport } from './report.mjs';
import { findStarters } from './starters.mjs';

const measurements = [start, restart, spawn, stop, handover, underLoad, warm, idle, memory, nodes, scale];

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    redraw: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
    out: { type: 'string' },
  },
});

const chosen = choose(values.only);
const directory = values.out ?? join(root, values.only === undefined ? 'docs' : 'build/bench/report');
await (values.redraw ? redraw() : bench());

async function redraw() {
  const { run, sections } = readFigures(directory);
  await writeReport(directory, run, sections);
}

async function bench() {
  const begun = performance.now();
  const loadBefore = load();
  const { present, absent } = findStarters();
  const sections = [];
  for (const { name, measure, rounds } of chosen) {
    process.stderr.write(`bench: ${name}, ${((performance.now() - begun) / 1000).toFixed(0)} s\n`);
    const count = Number(values.rounds ?? (values.quick ? rounds.quick : rounds.full));
    sections.push(await attempt(name, () => measure({ starters: present, rounds: count, quick: values.quick })));
  }
  mkdirSync(directory, { recursive: true });
  const run = {
    date: new Date().toISOString().slice(0, 10),
    quick: values.quick,
    machine: machine(),
    load: [loadBefore, load()],
    seconds: (performance.now() - begun) / 1000,
    present: present.map(({ about }) => about),
    absent,
  };
  await writeReport(directory, run, sections);
  process.stderr.write(`bench: wrote ${join(directory, 'benchmarks.md')}\n`);
  // A start_server that could not be ended must not keep this process.
  process.exit(process.exitCode ?? 0);
}

/** What one measurement gives. When it breaks, the page says so, and the others go on. */
async function attempt(name, measure) {
  try {
    return await measure();
  } catch (error) {
    process.stderr.write(`bench: ${name}: ${error.stack}\n`);
    process.exitCode = 1;
    const [reason] = error.message.split('\n');
    return { title: `Not measured: ${name}`, prose: [`It broke off: ${reason}`], tables: [], plots: [], goals: [] };
  }
}

function choose(only) {
  if (only === undefined) return measurements;
  const names = only.split(',');
  const unknown = names.find((name) => measurements.every((each) => each.name !== name));
  if (unknown !== undefined) {
    const known = measurements.map(({ name }) => name).join(', ');
    process.stderr.write(`bench: no measurement is called ${unknown}; there are ${known}\n`);
    process.exit(64);
  }
  return measurements.filter(({ name }) => names.includes(name));
}
