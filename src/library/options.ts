/** The options of the library: those of the command under camel-case names, as values of JavaScript. */
import { camelCase, optionTable, type OptionRow, type Options } from '../core/command-line/option-table.js';
import { quoted } from '../core/text/quoted.js';
import { nearestOf } from '../core/text/suggestion.js';
import { byteString } from '../system/engine/bytes.js';
import type { TableOptions } from './table-options.js';

export interface ServerOptions extends TableOptions {
  /** The server program and its arguments; it is not given to a shell. */
  readonly exec: readonly [string, ...string[]];
  /**
   * The environment of the workers, before `envdir` and the variables of SERVER_STARTER are added.
   * @default the environment of this process
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** When it is aborted, the server is stopped as by `stop()`. */
  readonly signal?: AbortSignal;
  /**
   * Has HUP, USR1, TERM, INT and QUIT of this process mean what they mean to the command.
   * @default false
   */
  readonly handleSignals?: boolean;
}

/** Options of the library alone. */
const libraryOnly = ['exec', 'env', 'signal', 'handleSignals'];

const rows: readonly OptionRow[] = optionTable.filter((row: OptionRow) => row.commandOnly !== true);
/** The names of all options. */
export const optionNames = [...libraryOnly, ...rows.map(({ name }) => camelCase(name))];

const example = "exec: ['./app']";

/** Needed for programs that no type checker has seen. */
function isRecord(options: unknown): boolean {
  return typeof options === 'object' && options !== null;
}

/** Gives what the command would have read from its command line. Throws TypeError for values that the types forbid. */
export function readOptions(options: ServerOptions): {
  readonly options: Options;
  readonly program: readonly string[];
} {
  if (!isRecord(options)) throw new TypeError(`startServer needs options; give { ${example} }`);
  const given = new Map(Object.entries(options).filter(([, value]) => value !== undefined));
  for (const name of given.keys()) {
    if (!optionNames.includes(name)) {
      const meant = nearestOf(optionNames, name);
      const hint = meant === undefined ? '' : `did you mean ${meant}? `;
      throw new TypeError(`unknown option ${quoted(name)}; ${hint}the options are ${optionNames.join(', ')}`);
    }
  }
  const values = rows.map((row) => {
    const name = camelCase(row.name);
    return [name, valueOf(row, name, given.get(name))] as const;
  });
  const program = listOf('exec', given.get('exec') ?? []).map((word) => textOf('exec', word));
  if (program.length === 0) throw new TypeError(`option exec is missing or empty; give the program, as in ${example}`);
  // One entry for every row of the table, with the type that its kind asks for.
  return {
    options: Object.fromEntries(values.filter(([, value]) => value !== undefined)) as unknown as Options,
    program,
  };
}

function valueOf({ kind, orNumber }: OptionRow, name: string, value: unknown): unknown {
  if (kind === 'texts') {
    const read = orNumber === true ? textOrNumber : textOf;
    return (value === undefined ? [] : listOf(name, value)).map((one) => read(name, one));
  }
  if (value === undefined || (kind === 'flag' && value === false)) return undefined;
  switch (kind) {
    case 'text':
      return textOf(name, value);
    case 'integer':
      return numberOf(name, value);
    case 'flag':
      if (value === true) return true;
      throw wrong(name, value, 'true or false');
  }
}

function listOf(name: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (name === 'exec') throw wrong(name, value, 'an array: the program and its arguments');
  return [value];
}

function textOrNumber(name: string, value: unknown): string {
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : textOf(name, value);
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string' && !value.includes('\0')) return byteString(value);
  throw wrong(name, value, 'a string without NUL characters');
}

/** Seconds may have a fraction here, which the command line does not take. */
function numberOf(name: string, value: unknown): { text: string; number: number } {
  if (typeof value === 'number' && Number.isFinite(value)) return { text: String(value), number: value };
  throw wrong(name, value, 'a number');
}

function wrong(name: string, value: unknown, wanted: string): TypeError {
  return new TypeError(`option ${name} is ${quoted(String(value))} (${typeof value}); give ${wanted}`);
}

/** The environ of a record, entry by entry. */
export function environOf(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [textOf('env', `${name}=${value}`)],
  );
}
