/** Pids that a superdaemon has told by its control socket. In another pid namespace they are those of other processes. */
import { hasPidNamespaces } from '../engine/platform.js';
import { statOf } from '../processes/process.js';
import { oneListensAt } from './bound-sockets.js';
import { socketsOf } from './holders.js';

/** Whether it has this pid here, too: it is the process that accepts at the path. False where we may not look. */
export function isItself(superdaemon: number, path: string): boolean {
  return !hasPidNamespaces || oneListensAt(socketsOf(superdaemon), path);
}

export function isItsChild(pid: number, superdaemon: number): boolean {
  return !hasPidNamespaces || statOf(pid)?.parent === superdaemon;
}
