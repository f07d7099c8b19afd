/** The package holds what runs, what is needed to compile the addon, and what explains it; and it stays small. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
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

/** All files below a folder, by their names from the root. */
function filesIn(folder: string): string[] {
  const names = readdirSync(`${root}/${folder}`, { encoding: 'utf8', recursive: true });
  return names.map((name) => `${folder}/${name}`).filter((name) => statSync(`${root}/${name}`).isFile());
}

t.test('what npm pack lists', (t) => {
  const native = filesIn('native');
  const documents = ['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'man/start_server.1'];
  const pages = [...filesIn('docs'), ...filesIn('examples')].filter((name) => name !== 'docs/benchmarks.json');
  const completions = ['_start_server', 'start_server.bash', 'start_server.fish'].map((name) => `completions/${name}`);
  const prebuilt = [
    ...['linux-x64', 'linux-arm64'].flatMap((machine) =>
      ['superdaemon.glibc.node', 'superdaemon.musl.node', 'preload.so', 'sleeper'].map(
        (name) => `prebuilds/${machine}/${name}`,
      ),
    ),
    ...['darwin-x64', 'darwin-arm64'].map((machine) => `prebuilds/${machine}/superdaemon.node`),
    'prebuilds/checksums.json',
  ];
  const expected = [
    'bin/start_server',
    'bin/package.json',
    'binding.gyp',
    ...['start_server.cjs', 'command.js', 'compile.cjs'].map((name) => `dist/${name}`),
    ...['index', 'worker'].flatMap((name) => ['cjs', 'mjs', 'd.cts', 'd.mts'].map((kind) => `dist/${name}.${kind}`)),
    'package.json',
    ...documents,
    ...pages,
    ...completions,
    ...native,
    ...prebuilt,
  ];
  t.same(files.map(({ path }) => path).sort(), expected.sort());
  t.end();
});

/** What is captured of each place that matches. */
function namedIn(file: string, pattern: RegExp): string[] {
  return Array.from(readFileSync(`${root}/${file}`, 'utf8').matchAll(pattern), ([, name = '']) => name);
}

t.test('what the README and the manual send a reader to', (t) => {
  const linked = namedIn('README.md', /\]\(([\w/.-]+)[^)]*\)/g).filter((page) => page !== 'CONTRIBUTING.md');
  const named = namedIn('man/start_server.1', /^\.It Pa (docs\/\S+)$/gm);
  t.ok(linked.length > 20 && named.length > 5, 'they were found');
  for (const page of [...linked, ...named])
    t.ok(
      files.some(({ path }) => path === page),
      page,
    );
  t.end();
});

t.test('its size', (t) => {
  t.ok(size < 1_200_000, `packed: ${String(size)} bytes`);
  t.ok(unpackedSize < 3_600_000, `unpacked: ${String(unpackedSize)} bytes`);
  t.end();
});
