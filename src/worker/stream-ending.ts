import { Server, type Socket } from 'node:net';
import type { Ending, Protocol } from './ending.js';
import { Http1Ending, isHttp1 } from './http1-ending.js';
import { Http2Ending, isHttp2 } from './http2-ending.js';

/** The end of a server that accepts connections, whatever is spoken on them. */
export class StreamEnding implements Ending {
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  readonly #protocols: Protocol[] = [];

  /** Sees connections from now on. `grace`: milliseconds. */
  constructor(server: Server, grace: number) {
    this.#server = server;
    // For TLS and HTTP/2 these are the connections below them. Upgraded ones are among them, which node:http forgets.
    server.on('connection', (socket: Socket) => {
      this.#connections.add(socket);
      socket.once('close', () => this.#connections.delete(socket));
    });
    if (isHttp2(server)) this.#protocols.push(new Http2Ending(server));
    if (isHttp1(server)) this.#protocols.push(new Http1Ending(server, grace));
  }

  retire(): void {
    // server.close() of node:http would close idle connections at once, and with them requests that are on their way.
    Server.prototype.close.call(this.#server);
    for (const protocol of this.#protocols) protocol.retire();
  }

  release(): void {
    // After a busy time, timers run before what has come meanwhile is read: that is to be read first.
    setImmediate(() => {
      for (const protocol of this.#protocols) protocol.release();
    });
  }

  cut(): void {
    for (const socket of this.#connections) socket.destroy();
  }
}
