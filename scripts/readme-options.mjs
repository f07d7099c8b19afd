/**
 * Fills the blocks of README.md that are made from the tables of src/core.
 *
 *     node scripts/readme-options.mjs [--check] [FILE]
 *
 * With --check it changes nothing and ends with 1 when the file does not say what the tables say.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const words = process.argv.slice(2);
const checking = words.includes('--check');
const file = words.find((word) => !word.startsWith('--')) ?? join(root, 'README.md');

const { helpText, signalTable } = await load('src/core/help.ts');
const present = readFileSync(file, 'utf8');
const wanted = [
  { name: 'options', text: '```text\n' + helpText() + '```' },
  { name: 'signals', text: signals() },
].reduce(fill, present);

if (!checking) writeFileSync(file, wanted);
else if (wanted !== present) {
  process.stderr.write(`${file} does not agree with src/core: run \`npm run readme\`\n`);
  process.exitCode = 1;
}

/** Replaces what stands between `<!-- NAME:begin -->` and `<!-- NAME:end -->`. */
function fill(text, block) {
  const [begin, end] = [`<!-- ${block.name}:begin -->`, `<!-- ${block.name}:end -->`];
  const [before, rest, ...more] = text.split(begin);
  const [, after, ...evenMore] = (rest ?? '').split(end);
  if (after === undefined || more.length + evenMore.length > 0) throw new Error(`${file}: not one ${begin} ... ${end}`);
  return `${before}${begin}\n\n${block.text}\n\n${end}${after}`;
}

/** As prettier would set it. */
function signals() {
  const rows = [{ name: 'signal', prose: 'what it does' }, ...signalTable];
  const widths = ['name', 'prose'].map((key) => Math.max(...rows.map((row) => row[key].length)));
  const line = (name, prose, filler) => `| ${name.padEnd(widths[0], filler)} | ${prose.padEnd(widths[1], filler)} |`;
  const [head, ...body] = rows.map(({ name, prose }) => line(name, prose, ' '));
  return [head, line('', '', '-'), ...body].join('\n');
}

/** A TypeScript module of this project, compiled in memory: Node 20 does not read TypeScript. */
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
