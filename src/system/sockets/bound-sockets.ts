/** Which sockets wait for clients at a place, by the inodes that /proc/PID/fd shows: `socket:[4711]`. */
import { closeSync, openSync, realpathSync, fstatSync } from 'node:fs';
import { endianness } from 'node:os';
import { addon } from '../engine/addon.js';
import { bytes } from '../engine/bytes.js';
import { kernelDeviceOf } from '../files/kernel-device.js';
import { readBeginning } from '../engine/read-beginning.js';
import { internetSocketsIn, isBeyondListening, isInTheWay, tableAddress, type InternetPlace } from './socket-table.js';

/** Where a socket is bound. */
export type Binding = InternetPlace | { readonly kind: 'unix'; readonly path: string };

/** How much is read of a table: some hundred thousand sockets. */
const longestTable = 2 ** 25;

/**
 * The inodes of the sockets that are bound to this very place, in this network namespace, and wait for clients there; none
 * where the system does not tell.
 */
export function socketsAt(place: Binding): string[] {
  return unlessRefused(() =>
    place.kind === 'unix' ? unixSockets(place.path) : internetSockets(place, familyOf(place), (a, b) => a === b),
  );
}

/** Whether one of these sockets waits for clients at the path. */
export function oneListensAt(sockets: ReadonlySet<string>, path: string): boolean {
  return socketsAt({ kind: 'unix', path }).some((inode) => sockets.has(inode));
}

/** The sockets that may keep us from binding there, even those for all addresses, or for another single one. */
export function socketsInTheWayOf(place: Binding): string[] {
  if (place.kind === 'unix') return socketsAt(place);
  return families.flatMap((family) => unlessRefused(() => internetSockets(place, family, isInTheWay)));
}

function unlessRefused(look: () => string[]): string[] {
  try {
    return look();
  } catch {
    return []; // no /proc, no such path, no IPv6, or no netlink
  }
}

const families = ['', '6'] as const;

function familyOf({ address }: InternetPlace): (typeof families)[number] {
  return address.length === 16 ? '6' : '';
}

function internetSockets(
  place: InternetPlace,
  family: (typeof families)[number],
  isWanted: (there: string, here: string) => boolean,
): string[] {
  const isEnough = place.kind === 'tcp' ? isBeyondListening : undefined;
  const table = readBeginning(`/proc/self/net/${place.kind}${family}`, longestTable, isEnough);
  const here = tableAddress(place, endianness() === 'LE');
  return internetSocketsIn(table, place.kind, (there) => isWanted(there, here));
}

/** Opens a path without opening what is there: the file of a socket cannot be opened otherwise. */
const O_PATH = 0o10000000;

function unixSockets(path: string): string[] {
  const real = realpathSync.native(bytes(path), 'latin1');
  const descriptor = openSync(bytes(real), O_PATH);
  try {
    const { major, minor } = kernelDeviceOf(descriptor);
    const inode = Number(BigInt.asUintN(32, fstatSync(descriptor, { bigint: true }).ino));
    const isThere = (one: { major: number; minor: number; inode: number }) =>
      one.inode === inode && one.major === major && one.minor === minor;
    return addon.unixListeners().flatMap((one) => (isThere(one) ? [String(one.socket)] : []));
  } finally {
    closeSync(descriptor);
  }
}
