/** The package holds what runs and what is needed to compile the addon, and nothing else; and it stays small. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

interface Packed {
  /** In bytes: of the tarball, and of all that is in it. */
  size: number;
  unpackedSize: number;
  files: { path: string }[];
}

/** What `npm pack` would put into the tarball. */
function packed(): Packed {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const output = execFileSync('npm', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [result] = JSON.parse(output) as [Packed];
  return result;
}

const { size, unpackedSize, files } = packed();

t.test('what npm pack lists', (t) => {
  const native = readdirSync(`${root}/native`).map((name) => `native/${name}`);
  const documents = ['CHANGELOG.md', 'LICENSE', 'README.md', 'man/start_server.1'];
  const completions = ['_start_server', 'start_server.bash', 'start_server.fish'].map((name) => `completions/${name}`);
  const prebuilt = [
    ...['linux-x64', 'linux-arm64'].flatMap((machine) =>
      ['glibc', 'musl'].map((libc) => `prebuilds/${machine}/superdaemon.${libc}.node`),
    ),
    ...['darwin-x64', 'darwin-arm64'].map((machine) => `prebuilds/${machine}/superdaemon.node`),
    'prebuilds/checksums.json',
  ];
  const expected = [
    'bin/start_server',
    'binding.gyp',
    ...['start_server.cjs', 'command.js', 'compile.cjs'].map((name) => `dist/${name}`),
    ...['index', 'worker'].flatMap((name) => ['cjs', 'mjs', 'd.cts', 'd.mts'].map((kind) => `dist/${name}.${kind}`)),
    'package.json',
    ...documents,
    ...completions,
    ...native,
    ...prebuilt,
  ];
  t.same(files.map(({ path }) => path).sort(), expected.sort());
  t.end();
});

t.test('its size', (t) => {
  t.ok(size < 900_000, `packed: ${String(size)} bytes`);
  t.ok(unpackedSize < 2_400_000, `unpacked: ${String(unpackedSize)} bytes`);
  t.end();
});
