/**
 * npm run test:asleep: suites of tests once more, with a start_server that sleeps whenever there is nothing to do. So the
 * events of every scenario go through the hand-over from one image of it to the next.
 *
 *     npm run test:asleep                                those of `suites`
 *     npm run test:asleep -- test/conformance/paths.test.ts     these files or folders
 *
 * The tests run a copy of the package, of which each start gets --hibernate=0 (test/helpers/running/starter.ts). How often
 * one has fallen asleep, a program in the place of its sleeper counts. The exit code is 1 when a test fails, or when it was
 * less often than is stated here: then the tests have not tested what they are meant to.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How often somebody has to fall asleep in a suite, about half of how often it is on a busy machine. */
const suites = { 'test/conformance': 500, 'test/faults': 90, 'test/reliability/ledger.test.ts': 10 };

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const place = join(root, 'build', 'test', 'asleep');
const release = join(place, 'build', 'Release');
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const options = process.argv.slice(2).filter((word) => word.startsWith('--'));

const prepared = spawnSync('node', ['scripts/prepare.mjs', 'packages', 'addon', 'bundle', 'types', 'reference'], {
  stdio: 'inherit',
});
if (prepared.status !== 0) process.exit(1);
makePackage();
const asked = named.length > 0 ? named.map((name) => [name, suites[name] ?? 1]) : Object.entries(suites);
for (const [suite, least] of asked) if (!passes(suite, least)) process.exitCode = 1;

function passes(suite, least) {
  const count = join(release, 'COUNT');
  writeFileSync(count, '');
  chmodSync(count, 0o666); // tests run start_server as other users, too
  const env = { ...process.env, TEST_HIBERNATING: join(place, 'bin', 'start_server') };
  const { status } = spawnSync('node', ['scripts/run-tests.mjs', ...options, suite], { env, stdio: 'inherit' });
  const times = statSync(count).size;
  process.stdout.write(`${suite}: fell asleep ${times} times, at least ${least} are expected\n`);
  return status === 0 && times >= least;
}

function makePackage() {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(release, { recursive: true });
  for (const name of ['bin', 'dist', 'package.json']) cpSync(name, join(place, name), { recursive: true });
  for (const name of ['superdaemon.node', 'preload.so', 'sleeper'])
    cpSync(join('build/Release', name), join(release, name));
  const sleeper = join(release, 'sleeper');
  renameSync(sleeper, `${sleeper}.real`);
  execFileSync('cc', ['-O1', '-Wall', '-Wextra', '-static', '-o', sleeper, 'test/fixtures/counting_sleeper.c']);
}
