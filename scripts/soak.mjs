/**
 * Runs test/reliability in full: 200 swaps, 10,000 signals, every injection many times, and all of them at once for an
 * hour. Puts what the run has told into the table of docs/reliability.md, when everything has passed.
 *
 *     npm run soak -- [--minutes=60] [--seed=N]
 *
 * build/soak.tap has all that the tests say, their seeds among it; --seed gives every one of them the same. The exit code
 * is that of the tests.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fillBlock } from './fill-block.mjs';
import { measured } from './measured.mjs';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' }, seed: { type: 'string' } } });
const page = 'docs/reliability.md';
const directory = mkdtempSync(join(tmpdir(), 'superdaemon-'));
const report = join(directory, 'report');
const began = Date.now();
const words = ['scripts/run-tests.mjs', '--timeout=0', '--output-file=build/soak.tap', 'test/reliability'];
const { status } = spawnSync(process.execPath, words, {
  env: {
    ...process.env,
    SUPERDAEMON_RELIABILITY: 'full',
    SUPERDAEMON_RELIABILITY_REPORT: report,
    SUPERDAEMON_SOAK_MINUTES: values.minutes,
    ...(values.seed === undefined ? {} : { SUPERDAEMON_SEED: values.seed }),
  },
  stdio: 'inherit',
});
const rows = existsSync(report) ? readFileSync(report, 'utf8').trimEnd().split('\n').map(JSON.parse) : [];
rmSync(directory, { recursive: true });
if (status === 0) await write();
else process.stderr.write(`${page} stays as it is: not everything has passed\n`);
process.exitCode = status ?? 1;

async function write() {
  const minutes = Math.round((Date.now() - began) / 60_000);
  const machine = `Node.js ${process.version}, Linux ${release().split('-', 1)[0]}, ${cpus().length} processors`;
  const day = new Date(began).toISOString().slice(0, 10);
  const told = `Run on ${day} in ${minutes} minutes, all at once for ${values.minutes} of them (${measured()}, ${machine}).`;
  const table = [
    '| what was injected | times | what was held |',
    '| --- | --: | --- |',
    ...rows.sort(byOrder).map(line),
  ];
  await fillBlock(page, 'soak', `${told}\n\n${table.join('\n')}`);
}

function line({ injected, times, held }) {
  return `| ${injected} | ${times.toLocaleString('en')} | ${held} |`;
}

/** Sorts rows: tests run side by side and end in any order. */
function byOrder(a, b) {
  return place(a) - place(b) || (a.injected < b.injected ? -1 : 1);
}

function place({ injected }) {
  return injected.startsWith('ledger') ? 0 : injected.startsWith('soak') ? 2 : 1;
}
