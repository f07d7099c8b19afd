import { accessSync, constants, statSync } from 'node:fs';
import { bytes } from '../engine/bytes.js';
import { systemError } from '../engine/system-error.js';

/** What execve(2) would refuse this path with, as far as that is seen before; undefined where it can be run. */
export function refusalToRun(path: string): NodeJS.ErrnoException | undefined {
  const file = bytes(path);
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile() ? undefined : systemError('EACCES', 'exec');
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}
