import type { Failure } from './exit-codes.js';

/** Why a command cannot do what it was asked for: the line for stderr, lines that may follow it, and the exit code. */
export class StarterError extends Error {
  readonly exitCode: number;

  constructor(
    { message, exitCode }: Failure,
    cause?: unknown,
    public details: readonly string[] = [],
  ) {
    super(message, { cause });
    this.exitCode = exitCode;
  }
}
