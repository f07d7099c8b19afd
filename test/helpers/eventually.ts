import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Test } from 'tap';

/**
 * Milliseconds that a test goes on after what it has awaited, as it does on a machine that has much else to do. A look whose
 * outcome depends on how soon it comes fails then, each time: `TEST_LATE=1500 npm test -- test/cli`.
 */
const late = Number(process.env['TEST_LATE'] ?? 0);

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
    if (value !== undefined && value !== false) {
      if (late > 0) await pause(late);
      return value;
    }
    if (performance.now() > end) throw new Error(`not within ${String(seconds)} s: ${awaited}; seen:\n${seen()}`);
    await pause(5);
  }
}

/**
 * Waits until a look shows the same as before. A line of the log may be written before the last of what it tells of is put
 * away: closed, removed, reaped.
 */
export async function eventuallySame<T>(t: Test, look: () => T, before: T): Promise<void> {
  const isSame = () => isDeepStrictEqual(look(), before);
  await eventually('the same as before', isSame).catch(() => undefined);
  t.same(look(), before); // shows what differs
}
