import type { Failure } from './exit-codes.js';

/** Why a command cannot do what it was asked for: the line for stderr and the exit code. */
export class StarterError extends Error {
  readonly exitCode: number;

  constructor({ message, exitCode }: Failure, cause?: unknown) {
    super(message, { cause });
    this.exitCode = exitCode;
  }
}
