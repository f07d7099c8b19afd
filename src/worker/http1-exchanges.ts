import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface ExchangeWatcher {
  /** The head of the request is read, and the program does not know of it yet. */
  began(exchange: Exchange): void;
  /** The answer is handed to the system. Not called for an answer that the end of its connection has cut short. */
  ended(exchange: Exchange): void;
}

const watchers = new WeakMap<Socket, ExchangeWatcher>();
let isSubscribed = false;

/**
 * Watches all requests on a connection of HTTP/1. The events of a server do not tell of all of them, and we must not listen
 * to `checkContinue` or `checkExpectation`: where there is a listener, node leaves its own answer to the program.
 */
export function watchExchanges(socket: Socket, watcher: ExchangeWatcher): void {
  watchers.set(socket, watcher);
  if (isSubscribed) return;
  isSubscribed = true;
  subscribe('http.server.request.start', (message) => {
    watchers.get((message as Message).socket)?.began(message as Message);
  });
  subscribe('http.server.response.finish', (message) => {
    watchers.get((message as Message).socket)?.ended(message as Message);
  });
}

/** The message as node's documentation of its diagnostics channels describes it; it has no type there. */
type Message = Exchange & { readonly socket: Socket };
