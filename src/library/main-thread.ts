import { isMainThread } from 'node:worker_threads';

/** Throws in a worker thread, which no signal reaches: the end of a child would never be noticed there. */
export function requireMainThread(name: string): void {
  if (!isMainThread)
    throw new Error(`${name} works in the main thread only; call it there, or from a process of its own`);
}
