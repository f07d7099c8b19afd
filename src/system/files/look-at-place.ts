/**
 * What the system would say to a file that is about to be made or removed. Nothing is made to find out: others may watch
 * the directory, and act on what comes there.
 */
import { accessSync, constants, lstatSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { bytes } from '../engine/bytes.js';
import { systemError } from '../engine/system-error.js';

/** Throws why no file can be made at a path at which there is none. */
export function lookForNewFile(path: string): void {
  lstatSync(bytes(path), { throwIfNoEntry: false }); // a name that is too long
  const directory = bytes(path.endsWith('/') ? path : dirname(path));
  if (!statSync(directory).isDirectory()) throw systemError('ENOTDIR', 'open');
  if (path.endsWith('/')) throw systemError('EISDIR', 'open');
  accessSync(directory, constants.W_OK | constants.X_OK);
  const { files, ffree } = statfsSync(directory);
  if (files > 0 && ffree === 0) throw systemError('ENOSPC', 'open');
}

/** Throws why chdir(2) would be refused. */
export function lookAtDirectory(path: string): void {
  if (!statSync(bytes(path)).isDirectory()) throw systemError('ENOTDIR', 'chdir');
  accessSync(bytes(path), constants.X_OK);
}

/** Throws why nothing can be written to a file that is empty, or not there yet. */
export function lookForRoom(path: string): void {
  if ((statSync(bytes(path), { throwIfNoEntry: false })?.size ?? 0) > 0) return;
  const { blocks, bfree, bavail } = statfsSync(bytes(dirname(path)));
  const free = process.geteuid?.() === 0 ? bfree : bavail;
  if (blocks > 0 && free === 0) throw systemError('ENOSPC', 'write');
}

/** Throws why a file cannot be removed. In a directory such as /tmp only its owner may, or that of the directory. */
export function lookToRemove(path: string): void {
  const directory = bytes(dirname(path));
  accessSync(directory, constants.W_OK | constants.X_OK);
  const [above, here] = [statSync(directory), lstatSync(bytes(path))];
  const user = process.geteuid?.();
  const isSticky = (above.mode & 0o1000) !== 0;
  if (isSticky && user !== 0 && above.uid !== user && here.uid !== user) throw systemError('EPERM', 'unlink');
}
