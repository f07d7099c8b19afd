import { byGenerationText } from './messages.js';
import type { Worker } from './types.js';

/** The bytes of a status file: `GENERATION:PID` and a newline for each worker, sorted as the original sorts them. */
export function formatStatus(workers: readonly Worker[]): string {
  return byGenerationText(workers)
    .map(({ generation, pid }) => `${String(generation)}:${String(pid)}\n`)
    .join('');
}
