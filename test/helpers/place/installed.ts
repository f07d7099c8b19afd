import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Why a Perl server cannot be tested here, for tap's `skip`; false where it is installed. */
export function withoutPerlModule(name: string): string | false {
  return spawnSync('perl', [`-M${name}`, '-e', '1']).status === 0 ? false : `the Perl module ${name} is not installed`;
}

/** Why a server with a command of this name cannot be tested here, for tap's `skip`; false where PATH leads to it. */
export function withoutCommand(name: string): string | false {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  return directories.some((directory) => existsSync(join(directory, name))) ? false : `${name} is not installed`;
}
