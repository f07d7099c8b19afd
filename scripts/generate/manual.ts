/** man/start_server.1 from its template, in which lines such as `.\" generated: options` stand for the tables. */
import { exitCodes } from '../../src/core/text/exit-codes.js';
import { optionGroups, signalTable } from '../../src/core/command-line/help.js';
import { optionTable, type OptionRow } from '../../src/core/command-line/option-table.js';
import { escaped, literal, sentences, tagged } from './mdoc.js';
import { restartInTime } from './restart-in-time.js';

const marker = /^\.\\" generated: (.*)\n/gm;

/** `version` is the package's; `table` is for tests. Throws where the template lacks a block, or has an unknown one. */
export function manual(template: string, version: string, table: readonly OptionRow[] = optionTable): string {
  const blocks = new Map([
    ['options', options(table)],
    ['signals', signals()],
    ['variables', variables(table)],
    ['exit codes', codes()],
    ['restart', literal(restartInTime())],
  ]);
  const filled = copyable(template).replace(marker, (_, name: string) => {
    const lines = blocks.get(name);
    if (lines === undefined) throw new Error(`the template of the manual asks for ${name}: no such block, or twice`);
    blocks.delete(name);
    return lines.map((line) => `${line}\n`).join('');
  });
  if (blocks.size > 0) throw new Error(`the template of the manual lacks ${[...blocks.keys()].join(', ')}`);
  return notice + filled.replace(/^\.Os$/m, `.Os superdaemon ${version}`);
}

/** In displays and after `.Fl`, hyphens are to be typed: they stay hyphens, where groff would set dashes. */
function copyable(template: string): string {
  return template
    .replace(/(?<=^\.(Dl|Fl|Pq Fl) ).*/gm, hyphensKept)
    .replace(/(?<=^\.Bd -literal.*\n)[^]*?(?=^\.Ed$)/gm, hyphensKept);
}

function hyphensKept(text: string): string {
  return text.replace(/-/g, '\\-');
}

const notice = '.\\" Made by `npm run generate` from man/start_server.1.in and src/core; do not edit.\n';

function options(table: readonly OptionRow[]): string[] {
  return optionGroups(table).flatMap(({ group, rows }) => [
    `.Ss ${escaped(group)}`,
    ...tagged(rows.map((row) => ({ tag: optionTag(row), lines: [...sentences(row.prose), ...notes(row)] }))),
  ]);
}

function optionTag({ name, placeholder }: OptionRow): string {
  const flag = `Fl ${escaped(`-${name}`)}`;
  return placeholder === undefined ? flag : `${flag} Ns = Ns Ar ${placeholder}`;
}

function notes({ default: preset, variable }: OptionRow): string[] {
  return [
    ...(preset === undefined ? [] : sentences(`default: ${preset}`)),
    ...(variable === undefined ? [] : ['The variable', `.Ev ${variable}`, 'says the same.']),
  ];
}

/** In `INT, QUIT` the comma has to be a word of its own, which the macro sets in the plain font. */
function signals(): string[] {
  return tagged(
    signalTable.map(({ name, prose }) => ({ tag: `Dv ${name.replace(/,/g, ' ,')}`, lines: sentences(prose) })),
  );
}

function variables(table: readonly OptionRow[]): string[] {
  const items = table.flatMap(({ name, kind, variable }) => {
    if (variable === undefined) return [];
    const as = kind === 'flag' ? 'If neither empty nor 0, it does what this option does:' : 'The value of';
    return [{ tag: `Ev ${variable}`, lines: [as, `.Fl ${escaped(`-${name}`)} .`] }];
  });
  return tagged(items);
}

function codes(): string[] {
  const items = Object.values(exitCodes).map(({ label, code, prose }) => ({
    tag: code === undefined ? `Va ${label}` : label,
    lines: sentences(prose),
  }));
  return tagged(items);
}
