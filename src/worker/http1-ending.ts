import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import type { Protocol } from './ending.js';
import { isHttp2 } from './http2-ending.js';
import { longestTimer } from './options.js';

/** The servers of node:http and https, and one of http2 that speaks HTTP/1 too. */
export function isHttp1(server: Server): server is HttpServer {
  // To listen for requests makes http2 answer streams as requests: not unless the program wants that.
  const asRequests = !isHttp2(server) || server.listenerCount('request') > 0;
  return 'closeIdleConnections' in server && asRequests;
}

/**
 * The end of kept connections: they are closed by an answer, never between two, since the client may be sending its next
 * request already. Those that stay idle for the grace are closed then.
 */
export class Http1Ending implements Protocol {
  readonly #server: HttpServer;
  readonly #grace: number;
  readonly #unanswered = new Set<ServerResponse>();
  readonly #silent = new Set<Socket>();
  #retired = false;

  constructor(server: HttpServer, grace: number) {
    this.#server = server;
    this.#grace = grace;
    // Before the program's own listener, which may send the head of its answer at once.
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      // In http2 these are no connections of HTTP/1; its own ending sees to them.
      if (request.httpVersionMajor > 1) return;
      if (this.#retired) closeAfter(response);
      this.#unanswered.add(response);
      response.once('close', () => this.#unanswered.delete(response));
    });
    if (!('addContext' in server)) server.on('connection', (socket) => this.#watch(socket));
  }

  retire(): void {
    this.#retired = true;
    for (const response of this.#unanswered) closeAfter(response);
    // For answers that are being sent already, and keep their connection.
    const { keepAliveTimeout } = this.#server;
    const shorter = Math.min(keepAliveTimeout || longestTimer, this.#grace, longestTimer);
    this.#server.keepAliveTimeout = Math.max(1, shorter);
  }

  release(): void {
    this.#server.closeIdleConnections();
    for (const socket of this.#silent) if (socket.bytesRead === 0) socket.destroy();
  }

  /** A browser opens connections ahead of its requests. To node:http such a one is not idle, but busy until it times out. */
  #watch(socket: Socket): void {
    this.#silent.add(socket);
    socket.once('close', () => this.#silent.delete(socket));
  }
}

function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
