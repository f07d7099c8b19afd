/**
 * Makes plain JavaScript of test files, with all that they import from the repository, and with tap. node starts that in a
 * tenth of a second; with a loader for TypeScript, and tap's 200 modules one by one, it takes eight times as long.
 */
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Writes the files (as `test/cli/x.test.ts`) into a directory below build; gives the path of each there. */
export async function bundleTests(files, directory) {
  await build({
    entryPoints: files,
    outdir: directory,
    outbase: '.',
    bundle: true,
    splitting: true, // a file that several tests import is written once
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    // Failures are shown in the TypeScript, with node's --enable-source-maps.
    sourcemap: 'linked',
    sourcesContent: false,
    plugins: [ownPaths, packagesStay],
    // Parts of tap are CommonJS and call require.
    banner: { js: "import { createRequire as $from } from 'node:module'; const require = $from(import.meta.url);" },
    logLevel: 'warning',
  });
  return new Map(files.map((file) => [file, `${directory}/${file.replace(/\.ts$/, '.mjs')}`]));
}

/** A module still sees the path of its source: by that tests find fixtures, and src finds the addon. */
const ownPaths = {
  name: 'own paths',
  setup({ onLoad }) {
    onLoad({ filter: /\.(ts|js|mjs)$/ }, async ({ path }) => {
      if (path.includes('/node_modules/')) return undefined;
      const own = { dirname: dirname(path), filename: path, url: pathToFileURL(path).href };
      const source = await readFile(path, 'utf8');
      const contents = source.replace(/\bimport\.meta\.(dirname|filename|url)\b/g, (_, part) =>
        JSON.stringify(own[part]),
      );
      return { contents, loader: path.endsWith('.ts') ? 'ts' : 'js' };
    });
  },
};

/** All packages but tap: compilers, linters and the like are large, and only few tests load them. */
const packagesStay = {
  name: 'packages stay where they are',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
      const isOurs = kind !== 'entry-point' && !importer.includes('/node_modules/');
      return isOurs && path !== 'tap' ? { path, external: true } : undefined;
    });
  },
};
