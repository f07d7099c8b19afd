import { byGenerationText } from '../loop/messages.js';
import type { Worker } from '../loop/types.js';

/** The bytes of a status file: `GENERATION:PID` and a newline for each worker, sorted as the original sorts them. */
export function formatStatus(workers: readonly Worker[]): string {
  return byGenerationText(workers)
    .map(({ generation, pid }) => `${String(generation)}:${String(pid)}\n`)
    .join('');
}

/** The workers that a status file names, the oldest generation first; other lines are skipped. */
export function workersIn(status: string): { generation: number; pid: number }[] {
  return Array.from(status.matchAll(/^(\d+):(\d+)$/gm), ([, generation, pid]) => ({
    generation: Number(generation),
    pid: Number(pid),
  })).sort((a, b) => a.generation - b.generation);
}
