import { parseServerPorts, portsByKey, type GivenSocket } from '../core/workers/server-ports.js';
import { granted, refusingTo } from './listen-error.js';

/**
 * The listening sockets that start_server has handed to this process: descriptor by name, as Perl's
 * `Server::Starter::server_ports` gives them. Names are those of `--port` and `--path`, without `u` and `=FD`, such as
 * `8080`, `127.0.0.1:8080`, `[::1]:8080` or `/tmp/app.sock`. The object has no prototype; it is empty where start_server
 * was given no socket. Where a TCP and a UDP socket share a name, it has the later one; `listen` tells them apart.
 *
 * Node.js decodes the environment as UTF-8: bytes of a name that are not UTF-8 are U+FFFD here.
 *
 * @throws {ListenError} `ERR_NO_START_SERVER` without SERVER_STARTER_PORT in the environment, where Perl's dies too;
 *   `ERR_SERVER_STARTER_PORT` where it is malformed.
 */
export function serverPorts(): Record<string, number> {
  return refusingTo(serverPorts, () => portsByKey(givenSockets()));
}

/** All of them, in their order. */
export function givenSockets(): readonly GivenSocket[] {
  return granted(parseServerPorts(process.env['SERVER_STARTER_PORT']));
}

/** Whether this process runs under start_server, with sockets or without. */
export function isUnderStartServer(): boolean {
  return process.env['SERVER_STARTER_PORT'] !== undefined;
}
