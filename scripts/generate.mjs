/**
 * Makes what is made from the tables of src/core and of the linter: blocks of README.md and CONTRIBUTING.md, the manual,
 * the completions, and the options of the library.
 *
 *     node scripts/generate.mjs [--check] [DIRECTORY]
 *
 * DIRECTORY is where these files are, the root of the project if it is not given. With --check nothing is changed, and
 * the exit code is 1 when one of them does not say what the tables say. What is made how: scripts/generate/.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { powers } from '../eslint.powers.js';
import { rooms } from '../eslint.rooms.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const words = process.argv.slice(2);
const directory = words.find((word) => !word.startsWith('--')) ?? root;

const { outputs } = await load('scripts/generate/outputs.ts');
const files = outputs({
  readme: readFileSync(join(directory, 'README.md'), 'utf8'),
  contributing: readFileSync(join(directory, 'CONTRIBUTING.md'), 'utf8'),
  manualTemplate: readFileSync(join(root, 'man/start_server.1.in'), 'utf8'),
  version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
  rooms,
  powers,
});
for (const [path, text] of files) (words.includes('--check') ? check : write)(path, join(directory, path), text);

function check(path, file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  process.stderr.write(`${path} does not agree with the tables: run \`npm run generate\`\n`);
  process.exitCode = 1;
}

function write(_, file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** A TypeScript module of this project with all that it imports, compiled in memory: Node 20 does not read TypeScript. */
async function load(entryPoint) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    bundle: true,
    format: 'esm',
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
