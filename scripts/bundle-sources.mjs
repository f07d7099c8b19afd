/** Makes of src/ what is shipped in dist/. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** By name in dist: what the package exports. */
export const libraries = { index: 'src/index.ts', worker: 'src/worker/index.ts' };

/** What the launcher and the installation run. */
const programs = { start_server: 'src/loader/load.ts', compile: 'src/loader/compile.ts' };

/** One file starts in two thirds of the time that the modules would need. */
export async function bundleModules(directory) {
  await bundleInto(directory, { ...programs, ...libraries }, { outExtension: { '.js': '.cjs' } });
  // Both ways to import it lead to one module, so that it has one state.
  for (const name of Object.keys(libraries))
    writeFileSync(`${directory}/${name}.mjs`, `export * from './${name}.cjs';\n`);
}

/**
 * A function for src/loader/command-script.ts, with its mark, in command.js. It is a script and no module: only for scripts
 * V8 takes compiled code. V8 holds the source as long as it runs, so names are short: scripts/read-stack.mjs, which
 * asks for a source map, tells what stands where in the sources.
 */
export async function bundleCommand(directory, { sourcemap = false } = {}) {
  await bundleInto(
    directory,
    { command: 'src/cli.ts' },
    {
      banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
      footer: { js: '})' },
      supported: { 'dynamic-import': false }, // a script cannot import by itself
      minifyIdentifiers: true,
      sourcemap: sourcemap && 'external',
    },
  );
  const file = `${directory}/command.js`;
  const text = readFileSync(file, 'latin1');
  const mark = createHash('sha256').update(text).digest('hex').slice(0, 16);
  writeFileSync(file, `${text}// ${mark}`, 'latin1');
}

async function bundleInto(outdir, entryPoints, options) {
  const { build } = await import('esbuild'); // it may not be installed yet when this file is loaded
  await build({
    entryPoints,
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    alias: { 'node:module': './scripts/lazy-node-module.mjs' },
    legalComments: 'none',
    // node reads and parses less, which is most of a millisecond. Names stay, for the stacks of programs that have a
    // library; lines stay short, since node shows the one of an error.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 120,
    define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    logLevel: 'warning',
    // CommonJS has no import.meta: what is left of it would be undefined at run time.
    logOverride: { 'empty-import-meta': 'error' },
    ...options,
  });
}
