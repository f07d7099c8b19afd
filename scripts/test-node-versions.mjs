/**
 * npm run test:nodes: the tests of the addon and of the whole command under several versions of Node. These are packages
 * of the npm registry; each is fetched into build/nodes when it is first needed (150 to 210 MB).
 *
 *     npm run test:nodes                                       all versions of `supported`
 *     npm run test:nodes -- 20 26 test/cli/restart.test.ts     these, and these files or folders only
 *
 * The addon and the bundle are the same files under all of them. The exit code is 1 when anything fails under any. A run of all
 * versions and files makes the table of docs/installation.md.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillBlock } from './fill-block.mjs';
import { measured } from './measured.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const supported = ['20', '22', '24', '26'];
const nodes = join(root, 'build/nodes');

const words = process.argv.slice(2);
const versions = words.filter((word) => /^[\d.]+$/.test(word));
const named = words.filter((word) => !versions.includes(word));
const files = named.length > 0 ? named : ['test/system', 'test/cli'];

const prepared = spawnSync(process.execPath, ['scripts/prepare.mjs', 'packages', 'addon', 'bundle'], {
  stdio: 'inherit',
});
if (prepared.status !== 0) process.exit(1);
mkdirSync(nodes, { recursive: true });

const head = ['node', 'passed', 'failed', 'seconds'];
const rows = [];
say(head);
for (const version of versions.length > 0 ? versions : supported) {
  const { ok, cells } = test(version);
  say(cells);
  rows.push(cells);
  if (!ok) process.exitCode = 1;
}
if (words.length === 0) {
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  await fillBlock(
    'docs/installation.md',
    'nodes',
    `${measured()} on ${new Date().toISOString().slice(0, 10)}:\n\n${table}`,
  );
}

/** Runs the tests under one version; a version that cannot be had has failed. */
function test(version) {
  const node = isRunning(version) ? process.execPath : fetched(version);
  if (node === undefined) return { ok: false, cells: [version, '-', 'not to be had', '-'] };
  const name = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  const results = join(nodes, `${name}.tap`);
  const begun = Date.now();
  const run = ['scripts/run-tests.mjs', `--output-file=${results}`, ...files];
  // The node is the first in PATH, so the launcher finds it for the command under test. Tests of the addon run in it, too.
  const env = { ...process.env, PATH: dirname(node) + delimiter + process.env.PATH };
  const { status } = spawnSync(node, run, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const text = readFileSync(results, 'utf8');
  if (status !== 0) tellFailures(name, text);
  const seconds = ((Date.now() - begun) / 1000).toFixed(0);
  return { ok: status === 0, cells: [name, count(text, 'pass'), count(text, 'fail'), seconds] };
}

function isRunning(version) {
  return `${process.versions.node}.`.startsWith(`${version}.`);
}

/** The path of a node that npm has as a package; undefined if it has none. */
function fetched(version) {
  const name = `node-${process.platform}-${process.arch}`;
  const prefix = join(nodes, version);
  const node = join(prefix, 'node_modules', name, 'bin/node');
  if (existsSync(node)) return node;
  const install = ['install', '--prefix', prefix, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status, stderr } = spawnSync('npm', [...install, `${name}@${version}`], { encoding: 'utf8' });
  if (status === 0) return node;
  process.stderr.write(stderr);
  return undefined;
}

/** Prints the failures of a TAP stream with what it says about each, and where the rest is. */
function tellFailures(name, text) {
  const lines = text.split('\n');
  const failed = lines.flatMap((line, index) => (/^\s*not ok/.test(line) ? lines.slice(index, index + 12) : []));
  process.stdout.write(`failures under ${name} (all of it in build/nodes/${name}.tap):\n${failed.join('\n')}\n`);
}

/** A count in tap's last line, "# { total: 30, pass: 29, fail: 1 }", in which a count of 0 is left out. */
function count(text, what) {
  const trailer = text.match(/^# \{ total: .*\}$/gm)?.at(-1) ?? '';
  return new RegExp(`\\b${what}: (\\d+)`).exec(trailer)?.[1] ?? '0';
}

function say(cells) {
  process.stdout.write(
    `${cells
      .map((cell) => cell.padEnd(14))
      .join('')
      .trimEnd()}\n`,
  );
}
