import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Perl's start_server is along PATH, or undefined; another command of that name does not count. */
export function originalStarter(): string | undefined {
  const candidates = (process.env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, 'start_server'));
  return candidates.find((file) => readOrNothing(file).includes('use Server::Starter'));
}

/** The text of the original's command, or '' where there is none. */
function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    // Most directories of PATH have no such file.
    return '';
  }
}

const environment = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' };

/** Why a comparison with Perl cannot be made here, for tap's `skip`; false where it can. */
export function withoutPerl(): string | false {
  const modules = ['-MGetopt::Long', '-MSocket', '-MConfig'];
  return spawnSync('perl', [...modules, '-e', '1'], { env: environment }).status === 0
    ? false
    : 'perl is not installed';
}

/** Runs a script of `test/fixtures` once: fields in, fields out, all of them byte strings without NUL. */
export function askPerl(script: string, fields: readonly string[]): string[] {
  const { status, stdout, stderr } = spawnSync('perl', [`test/fixtures/${script}`], {
    env: environment,
    input: Buffer.from(fields.map((field) => `${field}\0`).join(''), 'latin1'),
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`perl ${script}: ${String(stderr)}`);
  return stdout.toString('latin1').split('\0').slice(0, -1);
}
