import t from 'tap';
import { exitCodes } from '../../src/core/text/exit-codes.js';
import { helpText, signalTable } from '../../src/core/command-line/help.js';
import { optionTable } from '../../src/core/command-line/option-table.js';

const text = helpText();
const plain = text.replace(/\s+/g, ' ');

t.match(text, /^Usage: /, 'it begins as the original does');
t.match(text, /[^\n]\n$/);
t.same(
  text.split('\n').filter((line) => line.length > 80 || line !== line.trimEnd() || /[^\x20-\x7e]/.test(line)),
  [],
);

for (const row of optionTable) {
  t.match(text, new RegExp(`^  --${row.name}(=[A-Z]+)?( |$)`, 'm'), row.name);
  t.equal(plain.includes(row.prose), true, `${row.name} with its prose`);
  if ('default' in row) t.equal(plain.includes(`default: ${row.default}`), true, `${row.name} with its default`);
  if ('variable' in row) t.equal(plain.includes(`variable: ${row.variable}`), true, `${row.name} with its variable`);
}
for (const { name, prose } of signalTable) t.equal(plain.includes(` ${name} ${prose}`), true, name);
for (const { label, prose } of Object.values(exitCodes)) t.equal(plain.includes(` ${label} ${prose}`), true, label);
t.match(plain, /Examples: .* -- plackup/);
