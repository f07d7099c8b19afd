import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiled } from '../place/compile.js';

/** Words before a command that give it, and its children, a wall clock that the file `clock` in the directory sets. */
export function underClock(directory: string): string[] {
  const library = compiled('clock.so', ['clock.c'], ['-shared', '-fPIC']);
  const file = join(directory, 'clock');
  writeFileSync(file, Buffer.alloc(16));
  return ['env', `CLOCK_FILE=${file}`, `LD_PRELOAD=${library}`];
}

/** How often such a command has asked for the time of day, which shows that the clock was preloaded at all. */
export function timesAsked(directory: string): number {
  return Number(readFileSync(join(directory, 'clock')).readBigInt64LE(8));
}
