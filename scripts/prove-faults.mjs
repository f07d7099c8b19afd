/**
 * Proves that the tests of test/faults are about faults: runs all of them against Perl's start_server, where every one has
 * to fail, and against superdaemon, where every one has to pass, and prints both results row by row.
 *
 *     node scripts/prove-faults.mjs [--write]
 *
 * With --write it puts the table into docs/differences.md. The exit code is 1 when one of them did otherwise, or when a
 * row of docs/differences.md has no test.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));

const original = resultsAgainst('original');
const ours = resultsAgainst('');
const page = 'docs/differences.md';
const rows = rowsOf(readFileSync(page, 'utf8'));
const names = [...new Set([...original.keys(), ...ours.keys()])];
const surprises = [];

const table = rows.map((row) => {
  const tests = names.filter((name) => rowOf(name) === row);
  if (tests.length === 0) surprises.push(`row ${row} has no test`);
  return [row, summary(tests, original), summary(tests, ours)];
});
const results = set([['row', 'original', 'superdaemon'], ...table]);
print(results);
if (process.argv.includes('--write')) write(results);
for (const name of names) {
  if (!rows.includes(rowOf(name))) surprises.push(`not about a row: ${name}`);
  if (!['fails', 'skipped'].includes(original.get(name)?.result))
    surprises.push(`not a fault of the original: ${name}`);
  if (!['passes', 'skipped'].includes(ours.get(name)?.result)) surprises.push(`not repaired: ${name}`);
}
const skipped = names.filter((name) => original.get(name)?.result === 'skipped');
print('', ...skipped.map((name) => `not run here: ${name} (${original.get(name).reason})`));
print(`${names.length - skipped.length} tests in ${rows.length} rows; ${surprises.length} surprises`, ...surprises);
process.exit(surprises.length > 0 ? 1 : 0);

/** The name of every test with its result: `passes`, `fails`, `skipped` or `todo`. */
function resultsAgainst(starter) {
  process.stderr.write(`test/faults against ${starter === '' ? 'superdaemon' : 'the original'} ...\n`);
  const directory = mkdtempSync(join(tmpdir(), 'superdaemon-'));
  const file = join(directory, 'tap');
  const words = ['scripts/run-tests.mjs', `--output-file=${file}`, '--timeout=900', 'test/faults'];
  spawnSync(process.execPath, words, {
    env: { ...process.env, SUPERDAEMON_FAULTS_AGAINST: starter },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const lines = readFileSync(file, 'utf8').split('\n');
  rmSync(directory, { recursive: true });
  return new Map(lines.flatMap(resultIn));
}

/** A test is an indented line of its file: `    not ok 3 - row 21: QUIT ... # time=41ms`. */
function resultIn(line) {
  const [, not, name, directive, reason] =
    /^ {4}(not )?ok \d+ - (.*?)(?: # (?:time=\S+|(SKIP|TODO)\s*(.*?)))?\s*\{?$/.exec(line) ?? [];
  if (name === undefined) return [];
  const result = { SKIP: 'skipped', TODO: 'todo' }[directive] ?? (not ? 'fails' : 'passes');
  return [[name, { result, reason }]];
}

/** The number of a row, or `last row`. */
function rowOf(name) {
  return /^(?:row (\d\d[a-z]?)|(last row)):/.exec(name)?.slice(1).find(Boolean);
}

/** The rows of the page: each has a paragraph that begins with its number. */
function rowsOf(text) {
  const rows = [...text.matchAll(/^\*\*(\d\d[a-z]?|last row)\*\* /gm)].map(([, row]) => row);
  return rows.sort();
}

/** A table as prettier would set it. */
function set(cells) {
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row, filler) => `| ${row.map((cell, column) => cell.padEnd(widths[column], filler)).join(' | ')} |`;
  const [head, ...body] = cells.map((row) => line(row, ' '));
  return [head, line(['', '', ''], '-'), ...body].join('\n');
}

function write(results) {
  const block = /(?<=<!-- results:begin -->\n)[^]*(?=<!-- results:end -->)/;
  writeFileSync(page, readFileSync(page, 'utf8').replace(block, `\n${results}\n\n`));
}

function summary(tests, results) {
  const counts = {};
  for (const name of tests) {
    const { result } = results.get(name) ?? { result: 'missing' };
    counts[result] = (counts[result] ?? 0) + 1;
  }
  return Object.entries(counts)
    .map(([result, count]) => `${count} ${count === 1 ? result : result.replace(/^(fail|pass)(e?)s$/, '$1')}`)
    .join(', ');
}

function print(...lines) {
  process.stdout.write(`${lines.join('\n')}\n`);
}
