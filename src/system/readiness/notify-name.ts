/**
 * The name of a notify socket: only a process that was told the name can write to it.
 *
 * Every user of the machine can read an abstract name in /proc/net/unix, and write to it. So the socket has a file, in a
 * directory that only this user can enter. Root's workers may become other users, so others may enter root's directory,
 * but not list it, and the name of the file cannot be guessed. /proc/net/unix does not tell it: there stands the name at
 * the bind, and the file is renamed after that.
 */
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { EnvironmentLookup } from '../../core/workers/environment.js';
import { addon } from '../engine/addon.js';
import { bytes } from '../engine/bytes.js';
import { mayOthersAddTo, openDirectoryAbove } from '../files/safe-open.js';
import { readBeginning } from '../engine/read-beginning.js';
import { obstacleAt } from '../sockets/socket-file.js';

/** A notify socket: its descriptor, and its name, the value of NOTIFY_SOCKET. */
export interface NamedSocket {
  readonly fd: number;
  readonly name: string;
}

const prefix = 'start_server.';
/** What the file is called until it has its name. */
const draft = 'draft';
const ownDirectory = /^start_server\.[0-9a-f]{16}$/;

/**
 * Where no directory will do, the name is an abstract one. Throws a system error where there are no such sockets at
 * all.
 */
export function openNotifySocket(lookUp: EnvironmentLookup): NamedSocket {
  for (const place of placesFor(lookUp)) {
    const opened = openIn(place);
    if (opened !== undefined) return opened;
  }
  return addon.openNotifySocket();
}

export function closeNotifySocket({ fd, name }: NamedSocket): void {
  closeSync(fd);
  if (hasFile(name)) removeFile(name);
}

/** False when its file was removed: /tmp is cleared of old files, XDG_RUNTIME_DIR goes with the session. */
export function isReachable({ name }: NamedSocket): boolean {
  return !hasFile(name) || existsSync(bytes(name));
}

/** Whether the name is that of a file, so that nobody can write to the socket who was not told it. */
export function hasFile(name: string): boolean {
  return name.startsWith('/');
}

function placesFor(lookUp: EnvironmentLookup): string[] {
  const own = [lookUp('RUNTIME_DIRECTORY')?.split(':')[0], lookUp('XDG_RUNTIME_DIR')];
  return [...own, '/run', '/tmp', '/dev/shm'].filter((place) => place !== undefined);
}

/**
 * Undefined where no socket can be made, where other users could put theirs in its place, and where a worker of root's
 * that becomes another user could not reach it, as in root's own XDG_RUNTIME_DIR.
 */
function openIn(place: string): NamedSocket | undefined {
  try {
    const parent = realpathSync.native(bytes(place), 'latin1');
    const directory = `${parent}/${prefix}${randomDigits(8)}`;
    if (openDirectoryAbove(directory) !== undefined || (isRoot() && !isForAll(parent))) return undefined;
    if (!mayOthersAddTo(parent)) removeLeftovers(parent);
    mkdirSync(bytes(directory), 0o700);
    return openFile(directory);
  } catch {
    return undefined; // not there, full, or not writable
  }
}

/** The file gets its final name after the bind: such a file without a socket behind it is left from a kill -9. */
function openFile(directory: string): NamedSocket {
  const first = `${directory}/${draft}`;
  const name = `${directory}/${randomDigits(16)}`;
  let fd: number | undefined;
  try {
    ({ fd } = addon.openNotifySocket(first));
    chmodSync(bytes(first), 0o666);
    renameSync(bytes(first), bytes(name));
    chmodSync(bytes(directory), isRoot() ? 0o711 : 0o700);
    return { fd, name };
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    rmSync(bytes(directory), { recursive: true });
    throw error;
  }
}

function removeFile(name: string): void {
  try {
    unlinkSync(bytes(name));
    rmdirSync(bytes(dirname(name)));
  } catch {
    // It was removed already, or its disk has become read-only: nothing can be done about that at the end.
  }
}

/** Removes what killed superdaemons have left. Not where others may add files: there may be too many to look at. */
function removeLeftovers(parent: string): void {
  const directories = readdirSync(bytes(parent), 'latin1').filter((name) => ownDirectory.test(name));
  for (const directory of directories) removeLeftover(`${parent}/${directory}`);
}

function removeLeftover(directory: string): void {
  try {
    const [file = draft] = readdirSync(bytes(directory), 'latin1');
    const name = `${directory}/${file}`;
    if (file !== draft && obstacleAt(name) === 'stale socket') removeFile(name);
  } catch {
    // Removed at this very moment, or closed to us.
  }
}

function isForAll(directory: string): boolean {
  return (statSync(bytes(directory)).mode & 0o001) !== 0;
}

function randomDigits(length: number): string {
  return Buffer.from(readBeginning('/dev/urandom', length), 'latin1').toString('hex');
}

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}
