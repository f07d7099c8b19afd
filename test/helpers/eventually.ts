import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until `check` gives something other than undefined or false, and gives it back. It looks every few milliseconds;
 * after the deadline it fails, and tells what was awaited and `seen()`. The deadline is only for what never comes: even a
 * machine that has much else to do takes far less.
 */
export async function eventually<T>(
  awaited: string,
  check: () => T | undefined | false | Promise<T | undefined | false>,
  { seconds = 90, seen = () => '' }: { seconds?: number; seen?: () => string } = {},
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error(`not within ${String(seconds)} s: ${awaited}; seen:\n${seen()}`);
    await pause(5);
  }
}
