import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { camelCase, optionTable, type OptionRow } from '../../src/core/command-line/option-table.js';
import { environOf, optionNames, readOptions, type ServerOptions } from '../../src/library/options.js';
import { textOf } from '../helpers/docs/doc-blocks.js';

const exec = ['./app', '-x'] as const;

t.test('what the command would have read', (t) => {
  const table: [options: Omit<ServerOptions, 'exec'>, expected: object][] = [
    [{}, {}],
    [{ port: 8080 }, { port: ['8080'] }],
    [
      { port: [8080, '[::1]:u53=5'], path: 'a.sock' },
      { port: ['8080', '[::1]:u53=5'], path: ['a.sock'] },
    ],
    [{ path: ['a', 'b'] }, { path: ['a', 'b'] }],
    [
      { interval: 0.25, backlog: 5 },
      { interval: { text: '0.25', number: 0.25 }, backlog: { text: '5', number: 5 } },
    ],
    [{ enableAutoRestart: true }, { enableAutoRestart: true }],
    [{ enableAutoRestart: false }, {}],
    [
      { signalOnHup: 'USR1', logFile: '\u00e9.log' },
      { signalOnHup: 'USR1', logFile: '\u00c3\u00a9.log' },
    ],
    [{ env: {}, handleSignals: true }, {}],
  ];
  for (const [options, expected] of table) {
    t.same(readOptions({ exec, ...options }), {
      options: { port: [], path: [], ...expected },
      program: ['./app', '-x'],
    });
  }
  t.end();
});

t.test('what the types do not allow is refused with the name, the value and what to give', (t) => {
  const table: [options: object, message: string][] = [
    [
      { prot: 80 },
      'unknown option "prot"; did you mean port? the options are exec, env, signal, handleSignals, port, path, ',
    ],
    [{ daemonize: true }, 'unknown option "daemonize"; '],
    [{ pidfile: 'p' }, 'unknown option "pidfile"; did you mean pidFile? the options'],
    [{ exec: undefined }, "option exec is missing or empty; give the program, as in exec: ['./app']"],
    [{ exec: [] }, "option exec is missing or empty; give the program, as in exec: ['./app']"],
    [{ exec: './app' }, 'option exec is "./app" (string); give an array: the program and its arguments'],
    [{ exec: ['a\0b'] }, 'option exec is "a\\x00b" (string); give a string without NUL characters'],
    [{ port: 1.5 }, 'option port is "1.5" (number); give a string without NUL characters'],
    [{ interval: '1' }, 'option interval is "1" (string); give a number'],
    [{ interval: NaN }, 'option interval is "NaN" (number); give a number'],
    [{ enableAutoRestart: 1 }, 'option enableAutoRestart is "1" (number); give true or false'],
    [{ pidFile: null }, 'option pidFile is "null" (object); give a string without NUL characters'],
  ];
  for (const [options, message] of table) {
    // As a caller without types would.
    t.throws(() => readOptions({ exec, ...options }), {
      name: 'TypeError',
      message: startsWith(message),
    });
  }
  t.end();
});

t.test('an environment', (t) => {
  t.same(environOf({ A: '1', B: undefined, C: '\u00e9' }), ['A=1', 'C=\u00c3\u00a9']);
  t.throws(() => environOf({ A: '\0' }), TypeError);
  t.end();
});

t.test('the types say what the option table says', (t) => {
  const source = readFileSync(join(import.meta.dirname, '../../src/library/table-options.ts'), 'utf8');
  const rows: readonly OptionRow[] = optionTable;
  const documented = rows.filter(({ commandOnly }) => commandOnly !== true);
  for (const { name, prose, default: preset } of documented) {
    const [, comment = ''] =
      new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s+readonly ${camelCase(name)}\\?:`).exec(source) ?? [];
    const text = comment.replace(/\n? *\*? +/g, ' ').trim();
    const wanted = prose.replace(/--([a-z-]+)/g, (_, option: string) => camelCase(option));
    t.equal(text, preset === undefined ? wanted : `${wanted} @default ${preset}`);
  }
  t.end();
});

t.test('the page lists every option that is taken, and no other', (t) => {
  const [, section = ''] = textOf('docs/library.md').split(/^## startServer.*$/m);
  const [table = ''] = section.split(/^## /m);
  const cells = Array.from(table.matchAll(/^\| (`[^|]*)\|/gm), ([, cell = '']) => cell);
  const listed = cells.flatMap((cell) => Array.from(cell.matchAll(/`(\w+)`/g), ([, name = '']) => name));
  t.same(listed.sort(), [...optionNames].sort());
  t.end();
});

function startsWith(text: string): RegExp {
  return new RegExp(`^${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`);
}
