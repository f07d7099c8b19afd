/** New options change nothing of what a command line of the original means: no abbreviation becomes ambiguous or another's. */
import t from 'tap';
import { optionTable, type OptionRow } from '../../src/core/command-line/option-table.js';
import { parseOptions } from '../../src/core/command-line/option-parser.js';

/** The options of Server::Starter 0.35, by which its successors are told from it. */
// prettier-ignore
const names = [
  'port', 'path', 'interval', 'log-file', 'pid-file', 'dir', 'signal-on-hup', 'signal-on-term', 'backlog', 'envdir',
  'enable-auto-restart', 'auto-restart-interval', 'kill-old-delay', 'status-file', 'daemonize', 'restart', 'stop', 'help',
  'version',
];
const table: readonly OptionRow[] = optionTable;
const originals = table.filter(({ name }) => names.includes(name));
const additions = table.filter(({ name }) => !names.includes(name));

t.test('the two are told apart', (t) => {
  t.same(originals.map(({ name }) => name).sort(), names.sort(), 'all of the original are there');
  t.ok(additions.length >= 4, additions.map(({ name }) => name).join());
  for (const { name, full } of table)
    t.equal(full === true, !names.includes(name), `only new ones are typed in full: ${name}`);
  t.end();
});

/** What an option means, and what is said about it, but for the ways out: a new option may be suggested. */
function meaning(typed: string, among: readonly OptionRow[]): unknown {
  const { options, program, errors } = parseOptions([typed, 'P'], { posixlyCorrect: false, table: among });
  return { options, program, errors: errors.map((error) => error.split(';', 1)[0]) };
}

t.test('every abbreviation of the original means what it meant', (t) => {
  let count = 0;
  for (const { name } of originals) {
    for (let length = 1; length <= name.length; length += 1) {
      const typed = name.slice(0, length);
      for (const word of [`--${typed}`, `-${typed}`, `+${typed}`, `--${typed.toUpperCase()}`, `--${typed}=5`]) {
        t.same(meaning(word, table), meaning(word, originals), word);
        count += 1;
      }
    }
  }
  t.ok(count > 800, String(count));
  t.end();
});

t.test('no addition is the beginning of an option of the original', (t) => {
  for (const { name } of additions) {
    for (const original of names) {
      t.notOk(original.startsWith(name), `${name} and ${original}`);
    }
  }
  t.end();
});

t.test('additions are not abbreviated', (t) => {
  for (const { name } of additions) {
    for (let length = 1; length < name.length; length += 1) {
      const word = `--${name.slice(0, length)}`;
      if (additions.some((addition) => word === `--${addition.name}`)) continue;
      t.same(meaning(word, table), meaning(word, originals), word);
    }
  }
  t.end();
});
