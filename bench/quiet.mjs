/** Events come out of a quiet, as those of an operator do: hours after the last one. */
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Milliseconds. How long an event takes grows between 3 and 50 ms after the last one, while caches go cold; after seconds it
 * is the same.
 */
const length = 250;

/** A time in which nothing is asked of anybody. */
export function quiet() {
  return pause(length);
}
