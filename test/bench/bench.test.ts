/** The whole of `npm run bench`, with as little as can be measured. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as prettier from 'prettier';
import t from 'tap';
import { workspace } from '../helpers/place/workspace.js';

const root = join(import.meta.dirname, '..', '..');
const compiler = spawnSync('cc', ['--version']).status === 0 ? false : 'no C compiler for the probes';
const linux = process.platform === 'linux' ? compiler : 'it reads /proc';

function bench(...words: string[]) {
  const env = { ...process.env, BENCH_GO_LESTRRAT: '/no/such/file' };
  return spawnSync(process.execPath, ['bench/index.mjs', ...words], { cwd: root, encoding: 'utf8', env });
}

t.test('a tiny run writes its page', { skip: linux }, async (t) => {
  const directory = workspace(t);
  const { status, stderr } = bench('--quick', '--only', 'start', '--rounds', '2', '--out', directory);
  t.equal(status, 0, stderr);
  const text = readFileSync(join(directory, 'benchmarks.md'), 'utf8');
  t.match(text, /^\| superdaemon +\| +[\d.]+ +\| [\d.]+ to [\d.]+ +\| .+ \| 2 +\|$/m);
  t.match(text, /^\| exec to the first instruction of the worker +\| at most 0\.55 \|/m);
  t.match(text, 'BENCH_GO_LESTRRAT names a file that is not there');
  t.same(readdirSync(join(directory, 'benchmarks')), ['start.svg']);
  const options = await prettier.resolveConfig(join(root, 'docs', 'benchmarks.md'));
  t.ok(await prettier.check(text, { ...options, parser: 'markdown' }), 'in the one format');
});

t.test('a measurement that there is not is told, with those there are', (t) => {
  const { status, stderr } = bench('--only', 'nothing');
  t.equal(status, 64);
  t.match(stderr, /no measurement is called nothing; there are start, restart, /);
  t.end();
});
