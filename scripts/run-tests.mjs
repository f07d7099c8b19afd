/**
 * Runs test files side by side, each in a process of its own. Prints a line for each that has ended, before it what
 * has failed in it, and at last the counts of assertions, as tap does. The exit code is 1 when something has failed.
 *
 *     node scripts/run-tests.mjs [--thorough] [--output-file=FILE] [--timeout=SECONDS] [--jobs=N] [FILE | FOLDER ...]
 *
 * Thorough, it leaves nothing out that takes long (test/helpers/thorough.ts). The output file gets the TAP of all. The time
 * limit is that of a file, 0 is none. scripts/test.sh prepares what the tests need.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleTests } from './bundle-tests.mjs';

/** The longest files are in these folders, so they are begun first: at the end the other jobs would only wait for them. */
const slowFolders = ['systemd', 'packaging', 'servers', 'conformance', 'upgrade', 'reliability', 'docs', 'fuzz'];

/** Lines of TAP that do not matter where something has failed. */
const passed = /^ *(?:ok \d.*|\d+\.\.\d+|TAP version \d+|# time=.*|)\n/gm;

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const bundles = 'build/tests';
const { values, positionals } = parseArgs({
  options: {
    thorough: { type: 'boolean', default: false },
    'output-file': { type: 'string', default: '/dev/null' },
    timeout: { type: 'string', default: '600' },
    // Most tests wait most of the time, for an interval or a death.
    jobs: { type: 'string', default: '8' },
  },
  allowPositionals: true,
});
const seconds = Number(values.timeout);
const thorough = values.thorough ? { TEST_THOROUGH: '1' } : {};
const output = openSync(values['output-file'], 'w');
const files = inOrder([...new Set((positionals.length > 0 ? positionals : ['test']).flatMap(testsIn))]);
const sum = { total: 0, pass: 0, fail: 0, skip: 0, todo: 0 };
let ended = 0;

const began = Date.now();
removeLeftBundles();
const own = `${bundles}/${process.pid}`;
try {
  const bundled = await bundleTests(files, own);
  const waiting = files.values();
  const job = async () => {
    for (const file of waiting) tell(file, await run(bundled.get(file)));
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, job));
} finally {
  rmSync(own, { recursive: true, force: true });
}
writeSync(output, `1..${files.length}\n`);
say(`${countsOf(sum)}\n# time=${Date.now() - began}ms`);
closeSync(output);
process.exitCode = sum.fail > 0 || ended < files.length ? 1 : 0;

/** The test files in a folder, or the file itself. */
function testsIn(path) {
  const name = path.replace(/^\.\/|\/$/g, '');
  if (!existsSync(name)) throw new Error(`no such test: ${path}`);
  if (!statSync(name).isDirectory()) return [name];
  const inside = readdirSync(name, { recursive: true }).filter((file) => file.endsWith('.test.ts'));
  return inside.sort().map((file) => join(name, file));
}

function inOrder(files) {
  const isIn = (folder) => (file) => file.startsWith(`test/${folder}/`);
  return [...new Set([...slowFolders.flatMap((folder) => files.filter(isIn(folder))), ...files])];
}

/** Runs the file in a process; gives what that has said, on standard output and on all outputs, and how it has ended. */
function run(bundle) {
  const began = Date.now();
  const child = spawn(process.execPath, ['--enable-source-maps', bundle], {
    env: { ...process.env, NODE_OPTIONS: undefined, TAP_TIMEOUT: String(seconds), ...thorough },
    stdio: ['ignore', 'pipe', 'pipe'],
    // tap itself ends a test at its limit, and tells what it was waiting for. This limit is for a process that hangs.
    timeout: seconds === 0 ? 0 : (seconds + 30) * 1000,
    killSignal: 'SIGKILL',
  });
  const said = { tap: '', all: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.tap += text;
    said.all += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => (said.all += text));
  return new Promise((resolve, reject) => {
    let left = '';
    child.on('error', reject);
    child.on('exit', () => {
      const giveUp = () => {
        left = ', and left processes behind that hold its output';
        child.stdout.destroy();
        child.stderr.destroy();
      };
      setTimeout(giveUp, 30_000).unref();
    });
    child.on('close', (code, signal) => {
      resolve({ ...said, end: (signal ?? `exit code ${code}`) + left, milliseconds: Date.now() - began });
    });
  });
}

function tell(file, { tap, all, end, milliseconds }) {
  const counts = countsIn(tap);
  const isGood = end === 'exit code 0' && counts.fail === 0 && counts.total > 0;
  // A file that was killed, or has not asserted anything, has failed, though it has no failed assertion to count.
  if (!isGood) counts.fail ||= 1;
  for (const what of Object.keys(sum)) sum[what] += counts[what];
  ended += 1;
  const line = `${isGood ? 'ok' : 'not ok'} ${ended} - ${file} # time=${milliseconds}ms`;
  writeSync(output, `# Subtest: ${file}\n${tap.replace(/^TAP version 14\n/, '').replace(/^(?=.)/gm, '    ')}${line}\n`);
  process.stdout.write(isGood ? `${line}\n` : `${all.replace(passed, '')}${line} (${end})\n`);
}

/** The counts in tap's last line, `# { total: 30, pass: 29, fail: 1 }`, in which a count of 0 is left out. */
function countsIn(tap) {
  const trailer = tap.match(/^# \{ total: .*\}$/gm)?.at(-1) ?? '';
  const count = (what) => Number(new RegExp(`\\b${what}: (\\d+)`).exec(trailer)?.[1] ?? 0);
  return Object.fromEntries(Object.keys(sum).map((what) => [what, count(what)]));
}

function countsOf(counts) {
  const shown = Object.entries(counts).filter(([what, count]) => what === 'total' || count > 0);
  return `# { ${shown.map(([what, count]) => `${what}: ${count}`).join(', ')} }`;
}

function say(text) {
  writeSync(output, `${text}\n`);
  process.stdout.write(`${text}\n`);
}

/** Removes the bundles of runs that were killed. */
function removeLeftBundles() {
  for (const pid of existsSync(bundles) ? readdirSync(bundles) : []) {
    if (!existsSync(`/proc/${pid}`)) rmSync(`${bundles}/${pid}`, { recursive: true, force: true });
  }
}
