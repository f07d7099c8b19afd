import { spawnSync } from 'node:child_process';

/** Why a Perl server cannot be tested here, for tap's `skip`; false where it is installed. */
export function withoutPerlModule(name: string): string | false {
  return spawnSync('perl', [`-M${name}`, '-e', '1']).status === 0 ? false : `the Perl module ${name} is not installed`;
}
