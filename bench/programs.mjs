/** The C programs of bench/programs, compiled into build/bench when they are missing or older than their source. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** The path of a program. They are static: a worker that has to be linked first would hide what is measured. */
export function program(name) {
  const directory = join(root, 'build', 'bench');
  const file = join(directory, name);
  const sources = [`${name}.c`, 'stamp.h'].map((source) => join(import.meta.dirname, 'programs', source));
  const made = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (sources.every((source) => statSync(source).mtimeMs < made)) return file;
  mkdirSync(directory, { recursive: true });
  execFileSync('cc', ['-O2', '-static', '-Wall', '-Wextra', '-Werror', '-o', file, sources[0]], { stdio: 'pipe' });
  return file;
}
