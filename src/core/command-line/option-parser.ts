/**
 * Reads a command line as the original does, which is as Perl's Getopt::Long with its default configuration does:
 * `-`, `--` and `+` start an option, names may be abbreviated and in any case, options may follow the program's words,
 * the first `--` ends them, and all mistakes are told at once. With POSIXLY_CORRECT in the environment there are no
 * abbreviations, no `+`, no `-name=value`, and the first word that is no option ends them.
 */
import { failures, type Swallowed } from '../text/failures.js';
import { camelCase, optionTable, type Integer, type OptionRow, type Options } from './option-table.js';
import { printedInteger } from './perl-number.js';
import { suggestionFor } from '../text/suggestion.js';

export interface Dialect {
  /** Whether POSIXLY_CORRECT is set, be it to nothing. */
  readonly posixlyCorrect: boolean;
  /** The options there are; tests bring their own. */
  readonly table?: readonly OptionRow[];
}

export interface CommandLine {
  readonly options: Options;
  /** The program and its arguments, byte for byte. */
  readonly program: readonly string[];
  /** Lines for stderr, without newlines. Any of them means exit code 1 and that nothing is done. */
  readonly errors: readonly string[];
  /** The first option whose value looks like another option; absent where there is none. */
  readonly swallowed?: Swallowed;
}

type OptionValue = string | Integer | true | string[];

/** An option word cut into its parts; `value` is what follows `=`. */
interface OptionWord {
  readonly prefix: string;
  readonly name: string;
  readonly value: string | undefined;
}

/** What became of an option's name or value. */
type Outcome<T> = { readonly found: T } | { readonly refused: string };

/** `argv` holds the words after the command's own name, as byte strings. */
export function parseOptions(argv: readonly string[], { posixlyCorrect, table = optionTable }: Dialect): CommandLine {
  const values = noValues(table);
  const program: string[] = [];
  const errors: string[] = [];
  let strayWord: string | undefined;
  let swallowed: Swallowed | undefined;
  let at = 0;
  while (at < argv.length) {
    const word = argv[at++] ?? '';
    if (word === '--') break;
    const parts = splitWord(word, posixlyCorrect);
    if (parts === undefined) {
      program.push(word);
      if (posixlyCorrect) break;
      continue;
    }
    const row = findRow(parts, table, posixlyCorrect);
    if ('refused' in row) {
      errors.push(row.refused);
      if (program.length > 0) strayWord ??= word;
      continue;
    }
    const separate = row.found.kind !== 'flag' && parts.value === undefined;
    const meant = commandNamed(parts.name, table);
    const value = separate ? readValue(row.found, argv[at++], meant) : readAttached(row.found, parts.value);
    if (separate) swallowed ??= swallowing(parts, row.found, argv[at - 1], meant);
    if ('refused' in value) errors.push(value.refused);
    else store(values, row.found, value.found);
  }
  // Not pushed in one call: a command line may have more words than a call may have arguments.
  const wholeProgram = program.concat(argv.slice(at));
  if (strayWord !== undefined) errors.push(failures.strayOption(strayWord, program[0] ?? ''));
  // The keys and the kinds of values come from the same table as the type does.
  const options = values as unknown as Options;
  return { options, program: wholeProgram, errors, ...(swallowed && { swallowed }) };
}

/** The command that ends in the word: `--status` abbreviates `--status-file`, but may be meant for `--show-status`. */
function commandNamed(typed: string, table: readonly OptionRow[]): string | undefined {
  const name = table.find((row) => row.full && row.kind === 'flag' && row.name.split('-').at(-1) === typed)?.name;
  return name && `--${name}`;
}

function swallowing(
  { name }: OptionWord,
  row: OptionRow,
  value: string | undefined,
  meant: string | undefined,
): Swallowed | undefined {
  if (row.kind === 'flag' || value === undefined || !/^--./.test(value)) return undefined;
  return { typed: `--${name}`, option: `--${row.name}`, value, meant };
}

function noValues(table: readonly OptionRow[]): Record<string, OptionValue> {
  return Object.fromEntries(table.filter((row) => row.kind === 'texts').map((row) => [camelCase(row.name), []]));
}

/** Undefined for an ordinary word. A name has one character at least: `--=5` is an option called `=5`. */
function splitWord(word: string, posixlyCorrect: boolean): OptionWord | undefined {
  const prefix = (posixlyCorrect ? /^--?/ : /^(?:--?|\+)/).exec(word)?.[0];
  if (prefix === undefined || word === '-') return undefined;
  const body = word.slice(prefix.length);
  const equals = posixlyCorrect && prefix !== '--' ? -1 : body.indexOf('=', 1);
  if (equals < 0) return { prefix, name: body, value: undefined };
  return { prefix, name: body.slice(0, equals), value: body.slice(equals + 1) };
}

function findRow({ prefix, name }: OptionWord, table: readonly OptionRow[], exact: boolean): Outcome<OptionRow> {
  if (name === '') return { refused: failures.missingName(prefix) };
  const lower = name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  const same = table.find((row) => row.name === lower);
  if (same !== undefined) return { found: same };
  if (exact) return { refused: failures.unknownOption(name, suggestionFor(name, table)) };
  const candidates = table.filter((row) => !row.full && row.name.startsWith(lower));
  const [only] = candidates;
  if (only === undefined) return { refused: failures.unknownOption(lower, suggestionFor(lower, table)) };
  if (candidates.length === 1) return { found: only };
  const names = candidates.map((row) => row.name).sort();
  return { refused: failures.ambiguousOption(lower, names) };
}

/** Reads what follows `=`, if anything. An empty text is no value here, though it is one as a word of its own. */
function readAttached(row: OptionRow, text: string | undefined): Outcome<OptionValue> {
  if (row.kind !== 'flag') return readValue(row, text === '' ? undefined : text);
  return text === undefined ? { found: true } : { refused: failures.unwantedArgument(row.name) };
}

/** `text` is undefined where the command line ended. */
function readValue({ name, kind }: OptionRow, text: string | undefined, meant?: string): Outcome<OptionValue> {
  if (text === undefined) return { refused: failures.missingArgument(name, meant) };
  if (kind !== 'integer') return { found: text };
  // Perl's `$` matches before a final newline, so "5\n" is a number as well.
  if (!/^[-+]?_*[0-9][0-9_]*\n?$/.test(text)) return { refused: failures.noNumber(text, name) };
  const printed = printedInteger(text.replace(/[_\n]/g, ''));
  return { found: { text: printed, number: numberOf(printed) } };
}

function numberOf(printed: string): number {
  return Number(printed.replace('Inf', 'Infinity'));
}

function store(values: Record<string, OptionValue>, row: OptionRow, value: OptionValue): void {
  const key = camelCase(row.name);
  const before = values[key];
  if (Array.isArray(before) && typeof value === 'string') before.push(value);
  else values[key] = value;
}
