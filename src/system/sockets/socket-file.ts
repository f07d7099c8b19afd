import { lstatSync, statSync, unlinkSync } from 'node:fs';
import { addon } from '../engine/addon.js';
import { bytes } from '../engine/bytes.js';
import { socketsAt } from './bound-sockets.js';

/** What stands where a unix socket is to be made. */
export type Obstacle = 'none' | 'stale socket' | 'accepting socket' | 'directory' | 'other file';

/** Looks at a path before it is bound. Only a stale socket, or a link to one, may be replaced. */
export function obstacleAt(path: string): Obstacle {
  const entry = lstatSync(bytes(path), { throwIfNoEntry: false });
  if (entry === undefined) return 'none';
  const target = statSync(bytes(path), { throwIfNoEntry: false });
  if (target?.isSocket() === true) return isAccepting(path) ? 'accepting socket' : 'stale socket';
  return entry.isDirectory() ? 'directory' : 'other file';
}

/** The server of another user may keep us from connecting; that it is there can be seen all the same. */
function isAccepting(path: string): boolean {
  try {
    return addon.isAccepting(path);
  } catch (error) {
    if (socketsAt({ kind: 'unix', path }).length > 0) return true;
    throw error;
  }
}

/** The same, but a server that is seen to listen there is not connected to: that would wake one that sleeps. */
export function obstacleSeenAt(path: string): Obstacle {
  return socketsAt({ kind: 'unix', path }).length > 0 ? 'accepting socket' : obstacleAt(path);
}

/** Removes what `obstacleAt` found to be a stale socket. */
export function removeStaleSocket(path: string): void {
  unlinkSync(bytes(path));
}

/** The file of a socket that this process has made; device and inode tell it from other files. */
export class SocketFile {
  /** To be called right after the bind, or with the `identity` that it had then. */
  constructor(
    private readonly path: string,
    readonly identity = identityOf(path),
  ) {}

  /** Removes the file unless another one has taken its place. */
  remove(): void {
    if (this.identity === undefined || identityOf(this.path) !== this.identity) return;
    try {
      unlinkSync(bytes(this.path));
    } catch {
      // removed at this very moment, or its directory was made read-only: nothing can be done about that at the end
    }
  }
}

function identityOf(path: string): string | undefined {
  try {
    const entry = lstatSync(bytes(path), { bigint: true, throwIfNoEntry: false });
    return entry && `${String(entry.dev)}:${String(entry.ino)}`;
  } catch {
    return undefined; // its directory is gone
  }
}
