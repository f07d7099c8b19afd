/** The package holds what runs and what is needed to compile the addon, and nothing else. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The paths that `npm pack` would put into the tarball. */
function packed(): string[] {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const output = execFileSync('npm', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [{ files }] = JSON.parse(output) as [{ files: { path: string }[] }];
  return files.map(({ path }) => path).sort();
}

t.test('what npm pack lists', (t) => {
  const native = readdirSync(`${root}/native`).map((name) => `native/${name}`);
  const documents = ['CHANGELOG.md', 'LICENSE', 'README.md'];
  const expected = [
    'bin/start_server',
    'binding.gyp',
    'dist/start_server.cjs',
    'package.json',
    ...documents,
    ...native,
  ];
  t.same(packed(), expected.sort());
  t.end();
});
