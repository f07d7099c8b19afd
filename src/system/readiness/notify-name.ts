/**
 * The name of a notify socket, which only those can write to whom it was told.
 *
 * An abstract name is for every user of the machine to read, in /proc/net/unix, and to write to. So the socket has a file, in
 * a directory that nobody else can list. The directory is this user's alone; root's may be passed through, since its
 * workers become other users: the name in it cannot be guessed. /proc/net/unix has the name at the bind, which is another one.
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

/** All that makes a notify socket: a descriptor, and its name as NOTIFY_SOCKET has it. */
export interface NamedSocket {
  readonly fd: number;
  readonly name: string;
}

const prefix = 'start_server.';
/** What the file is called until it has its name. */
const draft = 'draft';
const ownDirectory = /^start_server\.[0-9a-f]{16}$/;

/** Where no directory will do, the name is an abstract one. Throws a system error where there are no such sockets at all. */
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

/** False when its file was removed: of `/tmp` by age, of XDG_RUNTIME_DIR at the end of a session. */
export function isReachable({ name }: NamedSocket): boolean {
  return !hasFile(name) || existsSync(bytes(name));
}

/** Whether it is out of reach for those whom its name was not told. */
export function hasFile(name: string): boolean {
  return name.startsWith('/');
}

function placesFor(lookUp: EnvironmentLookup): string[] {
  const own = [lookUp('RUNTIME_DIRECTORY')?.split(':')[0], lookUp('XDG_RUNTIME_DIR')];
  return [...own, '/run', '/tmp', '/dev/shm'].filter((place) => place !== undefined);
}

/**
 * Undefined where it is not to be had, where others could put theirs in its place, or where the users that a worker of
 * root's becomes could not go, as in root's own XDG_RUNTIME_DIR.
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
    return undefined; // not there, full, or not for us to write to
  }
}

/** It has its last name only when it is bound: without a socket behind it, a file of such a name is left from a kill -9. */
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
    // It was removed already, or is on a disk that has become read-only: nothing that an exit could mend.
  }
}

/** Of superdaemons that were killed. Where others may add to the directory there may be too many to look at. */
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
    // Removed in this very moment, or not ours to look into.
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
