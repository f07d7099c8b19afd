import { constants } from 'node:os';
import { quoted } from '../core/text/quoted.js';
import type { RefusalCode } from '../core/workers/server-ports.js';
import { suggestion } from '../core/text/suggestion.js';
import { ListenError } from './listen-error.js';

/** How `listen` listens outside start_server, and how a server ends. Every part may be left out, or be undefined. */
export interface ListenOptions {
  /** The port to listen on outside start_server; 0 lets the system choose one. */
  readonly port?: number | undefined;
  /** The address or host name to go with `port`. Default: all addresses, as Node.js listens without one. */
  readonly host?: string | undefined;
  /** The unix socket to listen on outside start_server, instead of a port. Not for datagrams. */
  readonly path?: string | undefined;
  /**
   * The signal, or signals, that mean: finish and end. Default: SIGTERM. Give what `--signal-on-hup` and
   * `--signal-on-term` say where these are used. Under start_server SIGTERM and SIGINT mean it as well, since it answers
   * INT and QUIT by TERM to its workers.
   */
  readonly retireSignal?: NodeJS.Signals | readonly NodeJS.Signals[] | undefined;
  /** Milliseconds from the signal until connections that are still open are cut. Default: 30000; Infinity for never. */
  readonly limit?: number | undefined;
  /**
   * Milliseconds from the signal for which idle HTTP connections stay open, so that a request which is on its way already
   * gets its answer. Default: 1000.
   */
  readonly grace?: number | undefined;
  /**
   * How many connections may wait to be accepted, up to what the system allows. Default: as many as that. Node.js sets it
   * anew whenever it listens, so start_server's `--backlog` does not last.
   */
  readonly backlog?: number | undefined;
  /**
   * Called once when this server has been told to end: what the program has to finish by itself. `closed` waits for the
   * promise that it may return, but not beyond `limit`; a datagram socket stays open and goes on receiving until then.
   */
  readonly drain?: (() => unknown) | undefined;
  /**
   * A path, or paths, for which the server is asked some hundred times under start_server, for half a second at most, before
   * it accepts a connection: a new worker then does not answer its first clients by code that has never run. For servers of
   * node:http and https. They should change nothing; what is answered does not matter. Default: none.
   */
  readonly warmUp?: string | readonly string[] | undefined;
}

/** The same with defaults filled in. */
export interface ListenSettings {
  /** Undefined where there is none. */
  readonly fallback: Fallback | undefined;
  readonly retireSignals: readonly NodeJS.Signals[];
  readonly limit: number;
  readonly grace: number;
  readonly backlog: number;
  readonly drain: () => unknown;
  readonly warmUp: readonly string[];
}

export type Fallback = { readonly port: number; readonly host: string | undefined } | { readonly path: string };

const names: readonly string[] = Object.keys({
  port: true,
  host: true,
  path: true,
  retireSignal: true,
  limit: true,
  grace: true,
  backlog: true,
  drain: true,
  warmUp: true,
} satisfies Record<keyof ListenOptions, true>);

/** @throws {ListenError} `ERR_LISTEN_OPTION` */
export function settingsOf(options: ListenOptions): ListenSettings {
  for (const name of Object.keys(options)) if (!names.includes(name)) throw unknown('option', name, names);
  const { retireSignal = 'SIGTERM', limit = 30_000, grace = 1000, backlog = asLongAsAllowed } = options;
  for (const [name, value] of Object.entries({ limit, grace })) {
    if (!(value >= 0)) throw wrong(`${name} is ${String(value)}; give it milliseconds, 0 or more`);
  }
  const retireSignals = typeof retireSignal === 'string' ? [retireSignal] : retireSignal;
  // For an unknown name node would wait for an event that never comes.
  for (const name of retireSignals) if (!signals.includes(name)) throw unknown('retireSignal', name, signals);
  return {
    fallback: fallbackOf(options),
    retireSignals,
    limit,
    grace,
    backlog,
    drain: options.drain ?? (() => undefined),
    warmUp: pathsIn(options.warmUp ?? []),
  };
}

function pathsIn(warmUp: string | readonly string[]): readonly string[] {
  const paths = typeof warmUp === 'string' ? [warmUp] : warmUp;
  for (const path of paths)
    if (!/^\/[!-~]*$/.test(path)) throw wrong(`warmUp is ${quoted(path)}; give the path of a request, such as "/"`);
  return paths;
}

const signals: readonly string[] = Object.keys(constants.signals);

/** Milliseconds. Timers of Node.js count in 32 bits: anything longer would be due at once. */
export const longestTimer = 2 ** 31 - 1;

/** More than any system allows, and not more than 16 bits. Without it node would turn a socket's 4096 into 511. */
const asLongAsAllowed = 65_535;

function fallbackOf({ port, host, path }: ListenOptions): Fallback | undefined {
  if (path !== undefined && port !== undefined) throw wrong('both port and path are given; leave one of them out');
  if (path !== undefined) return { path };
  return port === undefined ? undefined : { port, host };
}

function unknown(what: string, typed: string, known: readonly string[]): ListenError {
  // By its letters alone, `TERM` would be nearer to another name than SIGTERM.
  const meant = known.find((name) => name === `SIG${typed.toUpperCase()}`) ?? suggestion(typed, known);
  const remedy = meant === undefined ? `give one of ${known.join(', ')}` : `did you mean ${meant}?`;
  return wrong(`${what} ${quoted(typed)} is unknown; ${remedy}`);
}

function wrong(message: string): ListenError {
  const code: RefusalCode = 'ERR_LISTEN_OPTION';
  return new ListenError({ code, message });
}
