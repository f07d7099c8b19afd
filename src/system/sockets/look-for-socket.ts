/** What the system would say to a unix socket that is about to be bound. */
import { readFileSync } from 'node:fs';
import { commandSystem } from '../engine/platform.js';
import { systemError } from '../engine/system-error.js';
import { lookForNewFile } from '../files/look-at-place.js';

/** Who is to own the file of the socket. */
export interface NewOwner {
  readonly owner?: number;
  readonly group?: number;
}

/** Throws why no socket can be bound at a path that is free, or whose file cannot be given to its owner. */
export function lookForNewSocket(path: string, { owner, group }: NewOwner = {}): void {
  if (path.length > commandSystem.longestSocketPath) throw systemError('ENAMETOOLONG', 'bind');
  lookForNewFile(path);
  const isOurs = owner === undefined || owner === process.geteuid?.();
  const isOurGroup = group === undefined || [process.getegid?.(), ...(process.getgroups?.() ?? [])].includes(group);
  if (!(isOurs && isOurGroup) && !mayGiveAway()) throw systemError('EPERM', 'chown');
}

/** CAP_CHOWN; root has it where the system does not tell. */
function mayGiveAway(): boolean {
  try {
    const rights = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    if (rights !== undefined) return (BigInt(`0x${rights}`) & 1n) === 1n;
  } catch {
    // no /proc
  }
  return process.geteuid?.() === 0;
}
