import t from 'tap';
import { camelCase, optionTable, type OptionRow } from '../../src/core/command-line/option-table.js';

const table: readonly OptionRow[] = optionTable;

t.test('every row can be shown', (t) => {
  for (const { name, kind, placeholder, completion, prose, variable } of table) {
    t.match(name, /^[a-z]+(-[a-z]+)*$/);
    t.match(prose, /^[a-z][\x20-\x7e]*[^.]$/, `${name} is a plain sentence without its full stop`);
    t.equal(placeholder === undefined, kind === 'flag', `only flags have no placeholder: ${name}`);
    if (completion !== undefined) t.match(kind, /^texts?$/, `completion of words only: ${name}`);
    if (variable !== undefined) t.match(variable, /^[A-Z_]+$/);
  }
  t.equal(new Set(table.map((row) => row.name)).size, table.length, 'no name twice');
  t.end();
});

t.test('an option that must be typed in full takes no abbreviation away', (t) => {
  const abbreviable = table.filter((row) => !row.full);
  for (const { name } of table.filter((row) => row.full)) {
    t.same(
      abbreviable.filter((row) => row.name.startsWith(name)),
      [],
      `${name} is the beginning of no other option`,
    );
  }
  t.end();
});

t.test('keys', (t) => {
  t.equal(camelCase('port'), 'port');
  t.equal(camelCase('auto-restart-interval'), 'autoRestartInterval');
  t.end();
});
