import { subscribe } from 'node:diagnostics_channel';
import type { Server, Socket } from 'node:net';
import type { Exchange } from './http1-connection.js';

export interface ExchangeWatcher {
  /** The head of the request is read, and the program does not know of it yet. */
  began(exchange: Exchange, socket: Socket): void;
  /** The answer is handed to the system. It does not come for one that the end of its connection has cut short. */
  ended(exchange: Exchange, socket: Socket): void;
}

const watchers = new WeakMap<Server, ExchangeWatcher>();
let isSubscribed = false;

/**
 * Watches all requests of HTTP/1 to a server. Its events do not tell of all: with a listener of `checkContinue` or
 * `checkExpectation` node would leave to the program what it does itself where there is none.
 */
export function watchExchanges(server: Server, watcher: ExchangeWatcher): void {
  watchers.set(server, watcher);
  if (isSubscribed) return;
  isSubscribed = true;
  subscribe('http.server.request.start', (message) => {
    const { server, socket } = message as Message;
    watchers.get(server)?.began(message as Message, socket);
  });
  subscribe('http.server.response.finish', (message) => {
    const { server, socket } = message as Message;
    watchers.get(server)?.ended(message as Message, socket);
  });
}

/** As the documentation of node:diagnostics_channel has it; the types have not. */
type Message = Exchange & { readonly server: Server; readonly socket: Socket };
