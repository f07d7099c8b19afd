import { fstat } from 'node:fs';

/**
 * Has libuv start its threads now. Otherwise it would start them when the first one is needed, and end the process if the
 * system refuses: at the limit of processes, a logger that stalled has ended the superdaemon.
 */
export function startThreads(): void {
  fstat(0, () => undefined);
}
