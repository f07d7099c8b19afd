import type { Server as HttpServer, IncomingMessage } from 'node:http';

/** All by which node gives a request to a program. */
const requestEvents: ReadonlySet<unknown> = new Set(['request', 'checkContinue', 'checkExpectation']);

/**
 * Gives requests to the program only when all is read that came in one piece with them: an answer that is given at once
 * would not know of those behind it. Those that are not `wanted` then are not given to it.
 */
export function deferRequests(server: HttpServer, wanted: (request: IncomingMessage) => boolean): void {
  const emit = server.emit.bind(server) as (event: string | symbol, ...values: unknown[]) => boolean;
  server.emit = (event: string | symbol, ...values: unknown[]) => {
    if (!requestEvents.has(event)) return emit(event, ...values);
    const request = values[0] as IncomingMessage; // it is that of all these events
    queueMicrotask(() => {
      if (wanted(request)) emit(event, ...values);
      else request.resume();
    });
    return true;
  };
}
