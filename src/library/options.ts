/** The options of the library: those of the command under camel-case names, as values of JavaScript. */
import { camelCase, optionTable, type OptionKind, type Options } from '../core/command-line/option-table.js';
import { quoted } from '../core/text/quoted.js';
import { nearestOf } from '../core/text/suggestion.js';
import { byteString } from '../system/engine/bytes.js';

/** A value or several of them. */
type OneOrMore<T> = T | readonly T[];

export interface ServerOptions {
  /** The server program and its arguments; it is not given to a shell. */
  readonly exec: readonly [string, ...string[]];
  /**
   * listen on a TCP port: PORT (all IPv4 addresses), HOST:PORT or [IPV6]:PORT; u before the number makes it UDP, =N after
   * it gives the program the socket as descriptor N; may be repeated
   */
  readonly port?: OneOrMore<number | string>;
  /** listen on a unix socket at PATH, open to every user; may be repeated */
  readonly path?: OneOrMore<string>;
  /**
   * how many connections may wait to be accepted
   * @default SOMAXCONN of the system
   */
  readonly backlog?: number;
  /**
   * a new worker that lives this long has started well; one that dies sooner is replaced, once an interval
   * @default 1
   */
  readonly interval?: number;
  /** run the program in this directory */
  readonly dir?: string;
  /** take variables from the files in this directory (name and first line), anew for every worker */
  readonly envdir?: string;
  /**
   * the signal that tells old workers to end after a restart; see signalOnTerm, too
   * @default TERM
   */
  readonly signalOnHup?: string;
  /**
   * the signal that tells all workers to end when start_server gets TERM
   * @default TERM
   */
  readonly signalOnTerm?: string;
  /**
   * how long old workers go on after the new one has started well
   * @default 0, with auto restart 5
   */
  readonly killOldDelay?: number;
  /** restart by itself whenever the worker is as old as autoRestartInterval says */
  readonly enableAutoRestart?: boolean;
  /**
   * the age at which auto restart replaces a worker
   * @default 360
   */
  readonly autoRestartInterval?: number;
  /**
   * when a new worker has started well: once it has lived for the interval; at READY=1 to NOTIFY_SOCKET (notify); or at a
   * line on the descriptor in SERVER_STARTER_READY_FD (fd)
   * @default interval
   */
  readonly ready?: 'interval' | 'notify' | 'fd';
  /**
   * a worker that does not say that it is ready within this time is ended, and has failed to start
   * @default none
   */
  readonly startTimeout?: number;
  /**
   * a worker that has not ended this long after it was told to is killed
   * @default none
   */
  readonly stopTimeout?: number;
  /**
   * give each worker a process group of its own: KILL reaches all its processes, and those that it leaves behind when it
   * ends
   */
  readonly processGroup?: boolean;
  /**
   * give up a restart after N failed starts in a row; if no worker is left that serves, end
   * @default none
   */
  readonly maxFailures?: number;
  /**
   * let the pause between failed starts double each time, up to this; otherwise it is the interval
   * @default none
   */
  readonly maxPause?: number;
  /** append all output to FILE; "| COMMAND" sends it to the standard input of a command */
  readonly logFile?: string;
  /** write the process id of start_server to FILE and keep it locked */
  readonly pidFile?: string;
  /** keep generation and process id of every worker in FILE */
  readonly statusFile?: string;
  /** take commands from this user and root on a unix socket at PATH; a command that is given the same PATH uses it */
  readonly control?: string;
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

/** Options of the command that make no sense inside another program. */
const commandOnly = ['daemonize', 'restart', 'stop', 'show-status', 'json', 'timeout', 'help', 'version'];

/** Options of the library alone. */
const libraryOnly = ['exec', 'env', 'signal', 'handleSignals'];

const rows = optionTable.filter(({ name }) => !commandOnly.includes(name));
const names = [...libraryOnly, ...rows.map(({ name }) => camelCase(name))];

const example = "exec: ['./app']";

/** For callers that no type checker has seen. */
function isRecord(options: unknown): boolean {
  return typeof options === 'object' && options !== null;
}

/** What the command would have read from its command line. Throws TypeError for what the types do not allow. */
export function readOptions(options: ServerOptions): {
  readonly options: Options;
  readonly program: readonly string[];
} {
  if (!isRecord(options)) throw new TypeError(`startServer needs options; give { ${example} }`);
  const given = new Map(Object.entries(options).filter(([, value]) => value !== undefined));
  for (const name of given.keys()) {
    if (!names.includes(name)) {
      const meant = nearestOf(names, name);
      const hint = meant === undefined ? '' : `did you mean ${meant}? `;
      throw new TypeError(`unknown option ${quoted(name)}; ${hint}the options are ${names.join(', ')}`);
    }
  }
  const values = rows.map((row) => {
    const name = camelCase(row.name);
    return [name, valueOf(row.kind, name, given.get(name))] as const;
  });
  const program = listOf('exec', given.get('exec') ?? []).map((word) => textOf('exec', word));
  if (program.length === 0) throw new TypeError(`option exec is missing or empty; give the program, as in ${example}`);
  // One entry for every row of the table, with the type that its kind asks for.
  return {
    options: Object.fromEntries(values.filter(([, value]) => value !== undefined)) as unknown as Options,
    program,
  };
}

function valueOf(kind: OptionKind, name: string, value: unknown): unknown {
  if (kind === 'texts') return (value === undefined ? [] : listOf(name, value)).map((one) => textOrNumber(name, one));
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
