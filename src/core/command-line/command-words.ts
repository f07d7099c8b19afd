/** A command line as it would be typed with each option in full, in the order of the table, whatever was typed. */
import type { OptionRow } from './option-row.js';
import { camelCase, optionTable, type Integer, type Options } from './option-table.js';
import { typedInteger } from './perl-number.js';

/** An option that was given: a flag without a value, others with one or, where it may be repeated, several. */
export interface GivenOption {
  /** As typed in full: `--interval`. */
  readonly option: string;
  readonly values: readonly string[];
}

const rows: readonly OptionRow[] = optionTable.filter(({ group }) => group !== 'Commands');

/** Without options that ask for something else than to run a server. */
export function givenOptions(options: Options): GivenOption[] {
  return rows.flatMap((row) => {
    // Keys and kinds of values come from the same table.
    const value = (options as Readonly<Record<string, OptionValue | undefined>>)[camelCase(row.name)];
    return value === undefined || (Array.isArray(value) && value.length === 0)
      ? []
      : [{ option: `--${row.name}`, values: textsOf(value) }];
  });
}

type OptionValue = string | Integer | true | readonly string[];

function textsOf(value: OptionValue): readonly string[] {
  if (value === true) return [];
  if (typeof value === 'string') return [value];
  return 'text' in value ? [typedInteger(value.text)] : value;
}

/** What a command line is made of. */
export interface CommandParts {
  readonly given: readonly GivenOption[];
  readonly program: readonly string[];
}

/** Without the command's own name. */
export function commandWords({ given, program }: CommandParts): string[] {
  return [...given.flatMap(wordsOf), '--', ...program];
}

function wordsOf({ option, values }: GivenOption): string[] {
  if (values.length === 0) return [option];
  // Behind `=` an empty text is none.
  return values.flatMap((value) => (value === '' ? [option, value] : [`${option}=${value}`]));
}
