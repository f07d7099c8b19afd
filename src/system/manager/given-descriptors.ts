/** What the descriptors that a service manager hands down are. */
import { closeSync, fstatSync, lstatSync, realpathSync, unlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { GivenSocket } from '../../core/manager/given-sockets.js';
import type { GivenDescriptor } from '../../core/manager/manager-environment.js';
import type { SocketFacts } from '../../core/workers/socket-facts.js';
import { addon } from '../engine/addon.js';
import { bytes } from '../engine/bytes.js';
import { isSystemError } from '../engine/system-error.js';
import { socketsAt } from '../sockets/bound-sockets.js';
import type { Keep } from '../engine/keep.js';
import type { Listener, SocketPart } from '../sockets/listener.js';

export function lookAt(given: GivenDescriptor): GivenSocket {
  return { ...given, facts: factsOf(given.descriptor) };
}

function factsOf(descriptor: number): SocketFacts | undefined {
  try {
    return addon.describeSocket(descriptor);
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

/** The same path for all paths that lead to one place, whatever links they go through. */
export function wholePath(path: string): string {
  try {
    return `${realpathSync.native(bytes(dirname(path)), 'latin1')}/${basename(path)}`;
  } catch {
    return path; // its directory is gone
  }
}

/** False for a unix socket whose file was removed, or is another socket's by now: no client can reach it any more. */
export function isReachable({ descriptor, facts }: GivenSocket): boolean {
  if (facts?.family !== 'unix' || /^(?:@|$)/.test(facts.address)) return true;
  const there = socketsAt({ kind: 'unix', path: facts.address });
  // Empty where the system does not tell.
  return there.length === 0 ? isSocket(facts.address) : there.includes(String(fstatSync(descriptor).ino));
}

function isSocket(path: string): boolean {
  return lstatSync(bytes(path), { throwIfNoEntry: false })?.isSocket() === true;
}

/** Closes one of our own, and removes its file. */
export function removeSocket(socket: GivenSocket): void {
  const { descriptor, facts } = socket;
  const path = facts?.family === 'unix' && isReachable(socket) ? facts.address : undefined;
  closeSync(descriptor);
  if (path === undefined) return;
  try {
    unlinkSync(bytes(path));
  } catch {
    // Its directory was made read-only, or it was removed at this moment. A later start replaces a file that is left.
  }
}

/** A socket that somebody else has opened: it is used here, and its address and file stay as they are at the end. */
export class BorrowedListener implements Listener {
  constructor(readonly descriptor: number) {}

  get port(): number {
    return addon.localPort(this.descriptor);
  }

  setBacklog(backlog: number): void {
    addon.setBacklog(this.descriptor, backlog);
  }

  leaveAddress(): void {
    // The address was never ours.
  }

  reclaimAddress(): void {
    // The same.
  }

  handOver(keep: Keep): SocketPart {
    return { descriptor: keep(this.descriptor) };
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
