import { accessSync, constants, statSync } from 'node:fs';
import { constants as os } from 'node:os';
import { bytes } from '../engine/bytes.js';

/** What execve(2) would refuse this path with, as far as that is seen before; undefined where it can be run. */
export function refusalToRun(path: string): NodeJS.ErrnoException | undefined {
  const file = bytes(path);
  try {
    accessSync(file, constants.X_OK);
    if (statSync(file).isFile()) return undefined;
    return Object.assign(new Error('a directory'), { code: 'EACCES', errno: -os.errno.EACCES, syscall: 'exec' });
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}
