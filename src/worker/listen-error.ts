import type { Asked, Refusal, RefusalCode } from '../core/server-ports.js';

/** Why there are no sockets, or not the one that was asked for. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  /** Stable, unlike the message. */
  readonly code: RefusalCode;

  constructor({ code, message }: Refusal, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** The value, or the error thrown. */
export function granted<T>(asked: Asked<T>): T {
  if (asked.ok) return asked.value;
  throw new ListenError(asked.error);
}
