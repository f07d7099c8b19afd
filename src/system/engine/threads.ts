import { fstat } from 'node:fs';

/**
 * Has libuv start its threads now. It does so when the first is wanted, and ends the process where the system refuses
 * one: a logger that stalled at the limit of processes took the superdaemon with it.
 */
export function startThreads(): void {
  fstat(0, () => undefined);
}
