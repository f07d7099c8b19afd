import type { Server as HttpServer } from 'node:http';
import type { Server, Socket } from 'node:net';
import { deferRequests } from './deferred-requests.js';
import type { Protocol } from './ending.js';
import { Http1Connection } from './http1-connection.js';
import { watchExchanges } from './http1-exchanges.js';
import { longestTimer } from './options.js';

/** The servers of node:http and https, and those of http2 that may speak HTTP/1 too. */
export function isHttp1(server: Server): server is HttpServer {
  return 'closeIdleConnections' in server;
}

/**
 * The end of kept connections. An answer closes them, and never the time between two, since the client may be sending its
 * next request already. Connections that stay idle for the grace are closed after it. A browser opens connections ahead
 * of its requests, and these are idle, too.
 */
export class Http1Ending implements Protocol {
  readonly #server: HttpServer;
  readonly #grace: number;
  readonly #connections = new Map<Socket, Http1Connection>();
  #isRetired = false;

  constructor(server: HttpServer, grace: number) {
    this.#server = server;
    this.#grace = grace;
    server.on('addContext' in server ? 'secureConnection' : 'connection', (socket: Socket) => {
      // Connections that speak h2 are sessions, of which Http2Ending takes care.
      if (!('alpnProtocol' in socket && socket.alpnProtocol === 'h2')) this.#opened(socket);
    });
  }

  retire(): void {
    this.#isRetired = true;
    for (const connection of this.#connections.values()) connection.retire();
    deferRequests(this.#server, ({ socket }) => this.#connections.get(socket)?.isClosing !== true);
    // For connections that are kept because the head of their answer was on its way already.
    const { keepAliveTimeout } = this.#server;
    const shorter = Math.min(keepAliveTimeout || longestTimer, this.#grace, longestTimer);
    this.#server.keepAliveTimeout = Math.max(1, shorter);
  }

  release(): void {
    for (const connection of this.#connections.values()) connection.release();
  }

  #opened(socket: Socket): void {
    // A connection that the program has handed on, and back, comes twice.
    if (this.#connections.has(socket)) return;
    const connection = new Http1Connection(socket);
    if (this.#isRetired) connection.retire();
    this.#connections.set(socket, connection);
    socket.once('close', () => this.#connections.delete(socket));
    watchExchanges(socket, connection);
  }
}
