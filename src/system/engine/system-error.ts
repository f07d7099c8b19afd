import type { SystemError } from './addon.js';

/** Whether the system refused something: an error of the addon or of `node:fs`, both with code, errno and syscall. */
export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number' && 'syscall' in error;
}
