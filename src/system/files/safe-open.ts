/**
 * Opening files in directories where other users of the machine can put something in our way: a link that leads a
 * superdaemon of root's to /etc/passwd, another name of a file, a pipe that nobody reads. The original follows all of them.
 * Linux's fs.protected_symlinks helps in sticky directories only, and is off in many containers.
 */
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  statfsSync,
  statSync,
  type Stats,
} from 'node:fs';
import { constants as os } from 'node:os';
import { dirname } from 'node:path';
import type { unsafeReasons } from '../../core/text/failures.js';
import { addon, type SystemError } from '../engine/addon.js';
import { bytes } from '../engine/bytes.js';
import { systemError } from '../engine/system-error.js';
import { lookForNewFile } from './look-at-place.js';

/** What another user may have put in our way, and the errno that is nearest to it; `unsafeReasons` has the words. */
const codes = {
  pipe: 'EINVAL',
  'foreign link': 'ELOOP',
  'open directory': 'ELOOP',
  'many links': 'ELOOP',
  'second name': 'EMLINK',
  'no file': 'EINVAL',
} as const satisfies Record<UnsafeKind, keyof typeof os.errno>;

export type UnsafeKind = keyof typeof unsafeReasons;

/** What stands at the path is not what its name says. */
export class UnsafeFile extends Error implements SystemError {
  readonly errno: number;
  readonly code: string;
  readonly syscall = 'open';

  constructor(readonly kind: UnsafeKind) {
    super(kind);
    this.code = codes[kind];
    this.errno = -os.errno[codes[kind]];
  }
}

/** How many links Linux follows. */
const mostLinks = 40;

/** The type of procfs in statfs(2). Links in it are the kernel's own: what they say is not a path to follow. */
const procfs = 0x9fa0;

/**
 * Opens a file as open(2) does, with its `flags`, and `mode` less the umask for a new file; but not where another user may
 * have led us. A link is followed only if it is root's or ours and nobody else may write beside it. A file with a second
 * name is opened only if nobody else could have given it that name, and a named pipe only if it is not another user's.
 * Directories on the way are not looked at, see `openDirectoryAbove`. Throws `UnsafeFile`, or what the system refuses.
 *
 * It waits for nothing: a named pipe without a reader is ENXIO; a file for which another user holds a lease, or a serial
 * line without a carrier, is EAGAIN. A terminal does not become the controlling one.
 */
export function openSafely(path: string, flags: number, mode = 0o666): number {
  const descriptor = openFollowing(path, flags | constants.O_NONBLOCK | constants.O_NOCTTY, mode);
  addon.makeBlocking(descriptor); // workers share the open file
  return descriptor;
}

function openFollowing(path: string, flags: number, mode: number): number {
  return following(path, {
    ofKernel: (link) => openSync(bytes(link), flags, mode),
    here: (place, entry) => openHere(place, flags, mode, entry !== undefined),
  });
}

/**
 * Throws what `openSafely` would throw for a file that may be there, with `access` as for access(2). Nothing is opened or
 * made, and nobody who watches the file is told of anything.
 */
export function lookSafely(path: string, access: number): void {
  following(path, {
    ofKernel: (link) => {
      lookAt(link, statSync(bytes(link)), access);
      return true;
    },
    here: (place, entry) => {
      if (entry === undefined) lookForNewFile(place);
      else lookAt(place, entry, access);
      return true;
    },
  });
}

function lookAt(place: string, entry: Stats, access: number): void {
  if (entry.isDirectory()) throw systemError('EISDIR', 'open');
  if (entry.isSocket()) throw systemError('ENXIO', 'open');
  accessSync(bytes(place), access);
  if (entry.isFile() && entry.nlink > 1 && accessBeside(place) !== 'none') throw new UnsafeFile('second name');
}

interface Acts<T> {
  /** For a link of the kernel's own. */
  readonly ofKernel: (link: string) => T;
  /** For what links lead to; undefined where something else has come to that place meanwhile. */
  readonly here: (place: string, entry: Stats | undefined) => T | undefined;
}

function following<T>(path: string, { ofKernel, here }: Acts<T>): T {
  let place = path;
  for (let links = 0; links <= mostLinks; links += 1) {
    const entry = lstatSync(bytes(place), { throwIfNoEntry: false });
    if (entry?.isSymbolicLink() === true) {
      refuseLink(entry, place);
      if (isOfKernel(place)) return ofKernel(place);
      const target = readlinkSync(bytes(place), 'latin1');
      // Not normalized: behind a link to a directory, `..` is not what the text says.
      place = target.startsWith('/') ? target : `${directoryOf(place)}/${target}`;
      continue;
    }
    if (entry?.isFIFO() === true && !isOurs(entry)) throw new UnsafeFile('pipe');
    const found = here(place, entry);
    if (found !== undefined) return found;
  }
  throw new UnsafeFile('many links');
}

/**
 * The nearest directory above a file in which other users may put another file or directory in place of ours; undefined
 * where only root and this user can. First the path itself is looked at, then the one to which links lead. In a sticky
 * directory such as /tmp nobody else can.
 */
export function openDirectoryAbove(path: string): string | undefined {
  return (
    openFrom(() => realpathSync.native(bytes(directoryOf(path)), 'latin1')) ?? openFrom(() => realDirectoryOf(path))
  );
}

/** Whether other users may make files in a directory, as in /tmp. */
export function mayOthersAddTo(directory: string): boolean {
  return accessOfOthers(statSync(bytes(directory))) !== 'none';
}

function realDirectoryOf(path: string): string {
  return dirname(realpathSync.native(bytes(path), 'latin1'));
}

function openFrom(start: () => string): string | undefined {
  try {
    for (let directory = start(); ; directory = dirname(directory)) {
      if (accessOfOthers(statSync(bytes(directory))) === 'replace') return directory;
      if (directory === '/') return undefined;
    }
  } catch {
    return undefined; // not there (yet), a pipe, or not ours to look into
  }
}

/**
 * Undefined when something else has come to this place since we looked. O_NOFOLLOW is not used, because workers would find
 * it set on their standard output. O_EXCL does not follow a link either; and where the file is there, we look after the
 * open, and before anything is written, whether it is the one that we had looked at.
 */
function openHere(place: string, flags: number, mode: number, isThere: boolean): number | undefined {
  const isNew = !isThere && (flags & constants.O_CREAT) !== 0;
  const here = isNew ? flags | constants.O_EXCL : flags & ~constants.O_CREAT;
  const descriptor = openUnlessChanged(place, here, mode, flags);
  if (descriptor === undefined) return undefined;
  const opened = fstatSync(descriptor, { bigint: true });
  const found = lstatSync(bytes(place), { bigint: true, throwIfNoEntry: false });
  const isSame = found?.dev === opened.dev && found.ino === opened.ino;
  if (isSame && (!opened.isFile() || opened.nlink < 2n || accessBeside(place) === 'none')) return descriptor;
  closeSync(descriptor);
  if (!isSame) return undefined;
  throw new UnsafeFile('second name');
}

function openUnlessChanged(place: string, flags: number, mode: number, wanted: number): number | undefined {
  try {
    return openSync(bytes(place), flags, mode);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const hasCome = code === 'EEXIST';
    const hasGone = code === 'ENOENT' && (wanted & constants.O_CREAT) !== 0 && (flags & constants.O_CREAT) === 0;
    if (hasCome || hasGone) return undefined;
    throw error;
  }
}

function refuseLink(link: Stats, place: string): void {
  if (!isOurs(link)) throw new UnsafeFile('foreign link');
  if (accessBeside(place) === 'replace') throw new UnsafeFile('open directory');
}

/** What other users may do in a directory: nothing, add files under new names, or replace those that are there. */
type Access = 'none' | 'add' | 'replace';

function accessBeside(place: string): Access {
  return accessOfOthers(statSync(bytes(directoryOf(place))));
}

/**
 * Not counted as others are root's group and our own, since a umask of 002 is usual where every user has a group of their
 * own; and the owner of `/`, who could replace everything. In a user namespace that does not map root, root's directories
 * belong to somebody else by number.
 */
function accessOfOthers(directory: Stats): Access {
  const top = statSync('/');
  if (!isOurs(directory) && directory.uid !== top.uid) return 'replace';
  const { mode, gid } = directory;
  const byGroup = (mode & 0o020) !== 0 && ![0, top.gid, process.getegid?.()].includes(gid);
  if (!byGroup && (mode & 0o002) === 0) return 'none';
  return (mode & 0o1000) === 0 ? 'replace' : 'add';
}

function isOurs({ uid }: Stats): boolean {
  return uid === 0 || uid === process.geteuid?.();
}

/** Whether the link is one of the kernel's, such as /proc/self/fd/2, to which /dev/stderr leads. */
function isOfKernel(place: string): boolean {
  return process.platform === 'linux' && statfsSync(bytes(directoryOf(place))).type === procfs;
}

/** `dirname`, but that of `a/` is `a`: for the kernel the path leads into `a`, even where that is a link. */
function directoryOf(place: string): string {
  return place.endsWith('/') ? place : dirname(place);
}
