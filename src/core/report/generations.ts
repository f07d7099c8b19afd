/** The generations that a status file names, each once. Lines without a generation are skipped, as in the original. */
export function generationsIn(status: string): number[] {
  return [...new Set(Array.from(status.matchAll(/^(\d+):/gm), ([, digits]) => Number(digits)))];
}

/**
 * Whether a restart is complete: one generation is left, newer than all that were there before. The original waited for
 * the highest plus one and so for ever when that number was skipped by a failed start or by another HUP.
 */
export function isReplaced(before: readonly number[], now: readonly number[]): boolean {
  const [only, ...others] = now;
  return only !== undefined && others.length === 0 && before.every((generation) => generation < only);
}
