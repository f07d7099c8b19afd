/** The status file: a line `GENERATION:PID` for each worker, written by any superdaemon and read by anybody. */
import { byGenerationText } from '../loop/messages.js';
import type { Worker } from '../loop/types.js';
import { parsePid } from './pid-text.js';

/** Its bytes, sorted as the original sorts them. */
export function formatStatus(workers: readonly Worker[]): string {
  return byGenerationText(workers)
    .map(({ generation, pid }) => `${String(generation)}:${String(pid)}\n`)
    .join('');
}

/** The workers that it names, the oldest generation first; other lines are skipped. */
export function workersIn(status: string): { generation: number; pid: number }[] {
  const whole = linesIn(status).flatMap(({ generation, pid }) => (pid === undefined ? [] : [{ generation, pid }]));
  return whole.sort((a, b) => a.generation - b.generation);
}

/** The generations that it names, each once. As in the original, only the beginning of a line counts. */
export function generationsIn(status: string): number[] {
  return [...new Set(linesIn(status).map(({ generation }) => generation))];
}

/**
 * Lines that begin with a generation; `pid` is undefined where something else follows. Who trusts the file may signal what it
 * names: a signal to 0 would reach many, and 1 is nobody's worker.
 */
function linesIn(status: string): { generation: number; pid: number | undefined }[] {
  return Array.from(status.matchAll(/^(\d+):(?:(\d+)$)?/gm), ([, generation, digits = '']) => {
    const pid = parsePid(digits);
    return { generation: Number(generation), pid: pid === 1 ? undefined : pid };
  });
}

/**
 * Whether a restart is complete: one generation is left, newer than all that were there before. The original waited for
 * the highest plus one and so for ever when that number was skipped by a failed start or by another HUP.
 */
export function isReplaced(before: readonly number[], now: readonly number[]): boolean {
  return now.length === 1 && hasNewer(before, now);
}

/** Whether a generation has come that is newer than all that were there before. */
export function hasNewer(before: readonly number[], now: readonly number[]): boolean {
  return now.some((generation) => before.every((old) => old < generation));
}
