/** The worker's side of SERVER_STARTER_PORT; the superdaemon's side is `serverStarterPort` in port-spec.ts. */
import { quoted } from '../text/quoted.js';

/** A socket that start_server hands down. */
export interface GivenSocket {
  /** As `--port` or `--path` name it, without `u` and `=FD`: `8080`, `127.0.0.1:8080`, `[::1]:8080`, `/tmp/app.sock`. */
  readonly key: string;
  readonly descriptor: number;
}

/** Why a program does not get the socket that it wants. The code is stable, the message is for people. */
export interface UnusableSocket {
  readonly code: RefusalCode;
  readonly message: string;
}

export type RefusalCode =
  /** There is no SERVER_STARTER_PORT. */
  | 'ERR_NO_START_SERVER'
  /** SERVER_STARTER_PORT is not what start_server writes. */
  | 'ERR_SERVER_STARTER_PORT'
  /** No socket has the name, or there is none at all. */
  | 'ERR_UNKNOWN_SOCKET'
  /** More than one socket could be meant. */
  | 'ERR_AMBIGUOUS_SOCKET'
  /** The descriptor is no socket, or not of the server's kind. */
  | 'ERR_UNFIT_SOCKET'
  /** An option of `listen` is unknown, or its value cannot be used. */
  | 'ERR_LISTEN_OPTION';

export type Found<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: UnusableSocket };

export const noStartServer: UnusableSocket = {
  code: 'ERR_NO_START_SERVER',
  message:
    'there is no SERVER_STARTER_PORT in the environment; ' +
    'start this program by start_server, as in: start_server --port=8080 -- node app.js',
};

/** What uv and the kernel take for a descriptor. */
const highest = 2 ** 31 - 1;

/**
 * Reads the variable, undefined where it is not set. Empty, it says that start_server was given no socket; empty entries
 * count for nothing, as in Perl. An entry ends at its last `=`: Perl's server_ports takes the first one, which is the
 * same for every name that a start_server of any make lets pass.
 */
export function parseServerPorts(variable: string | undefined): Found<readonly GivenSocket[]> {
  if (variable === undefined) return { ok: false, error: noStartServer };
  const sockets: GivenSocket[] = [];
  for (const entry of variable.split(';').filter((text) => text !== '')) {
    const [, key, digits = ''] = /^(.+)=([0-9]+)$/s.exec(entry) ?? [];
    const descriptor = Number(digits);
    if (key === undefined || descriptor > highest) {
      return refused(
        'ERR_SERVER_STARTER_PORT',
        `SERVER_STARTER_PORT is ${quoted(variable)}, in which ${quoted(entry)} is not a name, "=" and the number of a ` +
          'descriptor, as in 8080=3; leave the variable as start_server sets it',
      );
    }
    sockets.push({ key, descriptor });
  }
  return { ok: true, value: sockets };
}

/** Descriptors by name, without a prototype. Of sockets that share a name the last one counts, as in Perl. */
export function portsByKey(sockets: readonly GivenSocket[]): Record<string, number> {
  const ports = Object.create(null) as Record<string, number>; // Object.create is typed as any
  for (const { key, descriptor } of sockets) ports[key] = descriptor;
  return ports;
}

/**
 * The sockets that are called `key`; without a key, those of the only name there is. They are several where a TCP and a
 * UDP socket share their name, and at least one.
 */
export function socketsCalled(sockets: readonly GivenSocket[], key: string | undefined): Found<readonly GivenSocket[]> {
  const names = [...new Set(sockets.map((socket) => socket.key))];
  if (names.length === 0) {
    return refused('ERR_UNKNOWN_SOCKET', 'start_server holds no socket for this program; give it a --port or --path');
  }
  const list = names.map(quoted).join(', ');
  if (key === undefined) {
    if (names.length === 1) return { ok: true, value: sockets };
    return refused('ERR_AMBIGUOUS_SOCKET', `start_server holds more than one socket; say which one you want: ${list}`);
  }
  const called = sockets.filter((socket) => socket.key === key);
  if (called.length > 0) return { ok: true, value: called };
  return refused(
    'ERR_UNKNOWN_SOCKET',
    `no socket is called ${quoted(key)}; name one as it is written in --port or --path, here: ${list}`,
  );
}

function refused(code: RefusalCode, message: string): { readonly ok: false; readonly error: UnusableSocket } {
  return { ok: false, error: { code, message } };
}
