import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const fixtures = join(import.meta.dirname, '../../fixtures');
const directory = join(import.meta.dirname, '../../../build/test');

/**
 * The path of a program made from C files of test/fixtures, compiled when it is missing or older than one of them. Where
 * several test processes compile it at the same time, that of the first one stays, since a test may already run it.
 */
export function compiled(name: string, files: readonly string[], flags: readonly string[] = []): string {
  const program = join(directory, name);
  const sources = files.map((file) => join(fixtures, file));
  const made = statSync(program, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (sources.every((source) => statSync(source).mtimeMs < made)) return program;
  mkdirSync(directory, { recursive: true });
  const draft = `${program}.${String(process.pid)}`;
  const units = sources.filter((source) => source.endsWith('.c'));
  execFileSync('cc', ['-O1', '-Wall', '-Wextra', '-Werror', ...flags, '-o', draft, ...units], { stdio: 'pipe' });
  if (made === 0) keepFirst(draft, program);
  else renameSync(draft, program);
  return program;
}

function keepFirst(draft: string, program: string): void {
  try {
    linkSync(draft, program);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}
