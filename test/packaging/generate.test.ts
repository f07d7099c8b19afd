/** README blocks, manual and completions are what the tables say, and a change of a table reaches all of them. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { bashCompletion } from '../../scripts/generate/bash.js';
import { signalNames } from '../../scripts/generate/completion.js';
import { fishCompletion } from '../../scripts/generate/fish.js';
import { libraryOptions } from '../../scripts/generate/library-options.js';
import { manual } from '../../scripts/generate/manual.js';
import { zshCompletion } from '../../scripts/generate/zsh.js';
import { optionTable, type OptionRow } from '../../src/core/command-line/option-table.js';
import { parseSignal } from '../../src/core/command-line/signal-name.js';
import { signals } from '../../src/system/engine/platform.js';
import { workspace } from '../helpers/place/workspace.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const made = [
  'man/start_server.1',
  'completions/start_server.bash',
  'completions/_start_server',
  'src/library/table-options.ts',
];
const all = ['README.md', 'CONTRIBUTING.md', ...made, 'completions/start_server.fish'];
const template = readFileSync(join(root, 'man/start_server.1.in'), 'utf8');

function run(...words: string[]) {
  return spawnSync(process.execPath, [join(root, 'scripts/generate.mjs'), ...words], { encoding: 'utf8' });
}

/** The generated files in a directory of the test's own. */
function copies(t: Test) {
  const directory = workspace(t);
  for (const folder of ['man', 'completions', 'src/library']) mkdirSync(join(directory, folder), { recursive: true });
  for (const file of all) cpSync(join(root, file), join(directory, file));
  const text = (file: string) => readFileSync(join(directory, file), 'utf8');
  return { directory, text, change: (file: string, to: string) => writeFileSync(join(directory, file), to) };
}

t.test('the committed files agree with the tables', (t) => {
  t.match(run('--check'), { status: 0, stderr: '' });
  t.end();
});

t.test('every change is noticed, and made good', (t) => {
  const { directory, text, change } = copies(t);
  change('README.md', text('README.md').replace('<!-- signals:end -->', 'made up\n\n$&'));
  change('CONTRIBUTING.md', text('CONTRIBUTING.md').replace('<!-- powers:end -->', 'made up\n\n$&'));
  for (const file of made) change(file, `${text(file)}made up\n`);
  rmSync(join(directory, 'completions/start_server.fish'));
  const { status, stderr } = run('--check', directory);
  t.equal(status, 1);
  for (const file of all) t.match(stderr, `${file} does not agree with the tables: run \`npm run generate\`\n`);
  t.equal(run(directory).status, 0);
  for (const file of all) t.equal(text(file), readFileSync(join(root, file), 'utf8'), file);
  t.end();
});

t.test('a page without the markers is an error', (t) => {
  const { directory, text, change } = copies(t);
  change('README.md', text('README.md').replace('<!-- options:begin -->', ''));
  t.match(run('--check', directory), { status: 1, stderr: 'options:begin' });
  t.end();
});

t.test('a template that lacks a block, or asks for an unknown one, is an error', (t) => {
  t.throws(() => manual(template.replace('generated: signals', ''), '1.0.0'), { message: /lacks signals/ });
  t.throws(() => manual(template.replace('generated: signals', 'generated: sings'), '1.0.0'), { message: /sings/ });
  t.throws(() => manual(`${template}.\\" generated: signals\n`, '1.0.0'), { message: /twice/ });
  t.end();
});

t.test('a new row is in all of them', (t) => {
  const row: OptionRow = {
    name: 'new-option',
    kind: 'text',
    placeholder: 'WORD',
    words: ['one', 'two'],
    default: 'one',
    group: 'Commands',
    prose: "what isn't there yet",
    variable: 'NEW_OPTION',
  };
  const table: readonly OptionRow[] = [...optionTable, row];
  const page = manual(template, '1.0.0', table);
  t.match(page, ".It Fl \\-new\\-option Ns = Ns Ar WORD\nWhat isn't there yet.\nDefault: one.\n");
  t.match(page, '.It Ev NEW_OPTION\nThe value of\n.Fl \\-new\\-option .\n');
  const shown = "what isn'\\''t there yet (default\\: one; variable\\: NEW_OPTION)";
  t.match(zshCompletion(table), `'--new-option=[${shown}]:WORD:(one two)'`);
  t.match(fishCompletion(table), "-l new-option -x -k -a 'one two' -d 'what isn\\'t there yet (default: one;");
  t.match(bashCompletion(table), "--new-option) _start_server_offer -W 'one two'");
  t.match(bashCompletion(table), '--version --new-option=');
  t.match(
    libraryOptions(table),
    "what isn't there yet\n   * @default one\n   */\n  readonly newOption?: 'one' | 'two';",
  );
  t.end();
});

t.test('the signals that completions offer are known here', (t) => {
  for (const name of signalNames.split(' ')) t.match(parseSignal(name, signals), { ok: true }, name);
  t.end();
});
