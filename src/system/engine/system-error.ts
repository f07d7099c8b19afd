import { constants } from 'node:os';
import type { SystemError } from './addon.js';

/** Whether the system refused something: an error of the addon or of `node:fs`, both with code, errno and syscall. */
export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number' && 'syscall' in error;
}

/** Whether a later try may succeed: there is no descriptor or no memory left. */
export function isExhaustion(error: unknown): error is SystemError {
  return isSystemError(error) && ['EMFILE', 'ENFILE', 'ENOMEM'].includes(error.code);
}

/** What the system would refuse, where it was not asked. */
export function systemError(code: keyof typeof constants.errno, syscall: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}, ${syscall}`), { code, errno: -constants.errno[code], syscall });
}
