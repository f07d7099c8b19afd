/** What the table says against the options of a command: that it has no use for one, or that a value cannot be. */
import { failures } from '../text/failures.js';
import type { CommandName, OptionRow } from './option-row.js';
import { camelCase, optionTable, type Integer, type Options } from './option-table.js';

const rows: readonly OptionRow[] = optionTable;

/**
 * What is wrong with an option that the command does not use. Only options of ours are refused: no old command line has
 * them. Those that the original has, and ignores, are ignored here, too.
 */
export function uselessOption(options: Options, command: CommandName): string | undefined {
  const useless = rows.find((row) => !isOfUse(row, command) && valueOf(options, row) !== undefined);
  return useless?.usedBy && failures.onlyWith(`--${useless.name}`, placesOf(useless.name, useless.usedBy));
}

/** A command line that is to take the place of another one may have every option that a start may have. */
function isOfUse({ usedBy }: OptionRow, command: CommandName): boolean {
  if (usedBy === undefined || usedBy.includes(command)) return true;
  return command === 'reconfigure' && usedBy.includes('start');
}

/** What is wrong with a value of an option that the command uses, numbers first; undefined where nothing is. */
export function wrongValue(options: Options, command: CommandName): string | undefined {
  const used = rows.filter((row) => (row.usedBy === undefined ? command === 'start' : isOfUse(row, command)));
  return firstOf(used, (row) => tooLow(row, options)) ?? firstOf(used, (row) => noWordOf(row, options));
}

function tooLow(row: OptionRow, options: Options): string | undefined {
  if (row.lowest === undefined) return undefined;
  const value = valueOf(options, row) as Integer | undefined;
  if (value === undefined || value.number >= row.lowest) return undefined;
  return failures.tooLow(`--${row.name}`, value.text, row.lowest);
}

function noWordOf(row: OptionRow, options: Options): string | undefined {
  const value = valueOf(options, row);
  if (row.words === undefined || typeof value !== 'string' || row.words.includes(value)) return undefined;
  return failures.unknownWord(`--${row.name}`, value, row.words);
}

function firstOf<T>(items: readonly T[], look: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function valueOf(options: Options, { name }: OptionRow): unknown {
  return (options as Readonly<Record<string, unknown>>)[camelCase(name)];
}

const places: Readonly<Record<CommandName, string>> = {
  start: 'a program to start',
  restart: '--restart',
  stop: '--stop',
  'show status': '--show-status',
  reconfigure: '--reconfigure',
  upgrade: '--upgrade',
  follow: '--follow',
  cancel: '--cancel',
};

/** With what an option can be given, in words; undefined for a command itself, which can only be given alone. */
function placesOf(name: string, commands: readonly CommandName[]): string | undefined {
  const words = commands.map((command) => places[command]);
  if (words.includes(`--${name}`)) return undefined;
  return words.length < 2 ? words[0] : `${words.slice(0, -1).join(', ')} or ${String(words.at(-1))}`;
}
