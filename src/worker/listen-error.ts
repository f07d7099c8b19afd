import type { Found, UnusableSocket, RefusalCode } from '../core/workers/server-ports.js';

/** Why there are no sockets, or not the one that was asked for. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  /** Stable, unlike the message. */
  readonly code: RefusalCode;

  constructor({ code, message }: UnusableSocket) {
    super(message);
    this.code = code;
  }
}

/** The value, or the error thrown. */
export function granted<T>(asked: Found<T>): T {
  if (asked.ok) return asked.value;
  throw new ListenError(asked.error);
}

/**
 * Gives what `act` gives. The stack of a ListenError begins where the program called `called`, so that node shows a line of
 * the program, and not one in here, for an error that nobody catches.
 */
export function refusingTo<T>(called: (...words: never[]) => unknown, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof ListenError) Error.captureStackTrace(error, called);
    throw error;
  }
}
