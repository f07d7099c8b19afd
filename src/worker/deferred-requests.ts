import type { Server as HttpServer, IncomingMessage } from 'node:http';

/** All events by which node gives a request to a program. */
const requestEvents: ReadonlySet<unknown> = new Set(['request', 'checkContinue', 'checkExpectation']);

/**
 * Gives a request to the program only when everything is read that came in one piece with it: an answer that is given at
 * once would not know of the requests behind its own. A request that is not `wanted` by then is not given to the program.
 */
export function deferRequests(server: HttpServer, wanted: (request: IncomingMessage) => boolean): void {
  const emit = server.emit.bind(server) as (event: string | symbol, ...values: unknown[]) => boolean;
  server.emit = (event: string | symbol, ...values: unknown[]) => {
    if (!requestEvents.has(event)) return emit(event, ...values);
    const request = values[0] as IncomingMessage; // each of these events has it first
    queueMicrotask(() => {
      if (wanted(request)) emit(event, ...values);
      else request.resume();
    });
    return true;
  };
}
