/** Which processes hold a socket: the one that opened it, and those it was handed down to. */
import { opendirSync, readlinkSync } from 'node:fs';
import { atOnce } from '../processes/in-turns.js';
import { procOfOurPids } from '../processes/proc.js';
import { statOf, type ProcessStat } from '../processes/process.js';
import type { ProcessTable } from '../processes/process-table.js';

/** A process and what it holds of the sockets that were looked for. */
export interface Holder extends ProcessStat {
  readonly pid: number;
  /** Descriptor numbers, and the inode of the socket that each is for. */
  readonly sockets: ReadonlyMap<number, string>;
}

/**
 * So many descriptors of a process are looked at, the lowest first: a listening socket is opened before its
 * connections.
 */
const mostOfOne = 4096;

/** So many descriptors are looked at in all, which takes some seconds. */
const mostOfAll = 2 ** 20;

/**
 * What a process holds of these sockets; undefined where we may not see it. Nothing in another network namespace, whose
 * sockets are none of ours.
 */
export function holderOf(pid: number, inodes: ReadonlySet<string>): Holder | undefined {
  return lookInto(pid, inodes, mostOfOne)?.holder;
}

/** Every socket that a process has, except as standard input or output; none where we may not see it. */
export function socketsOf(pid: number): ReadonlySet<string> {
  const all = [...(lookInto(pid, undefined, mostOfOne)?.holder.sockets ?? [])];
  const standard = new Set(all.flatMap(([number, inode]) => (number <= 2 ? [inode] : [])));
  return new Set(all.flatMap(([, inode]) => (standard.has(inode) ? [] : [inode])));
}

/**
 * All that hold one of them, as far as we may see, in the order of their pids as they are given. Of each so many
 * descriptors are looked at.
 */
export function holdersAmong(pids: Iterable<number>, inodes: ReadonlySet<string>, ofOne = mostOfOne): Holder[] {
  return atOnce(holderSteps(pids, inodes, ofOne));
}

/** The same; looks at a process at each step. */
export function* holderSteps(
  pids: Iterable<number>,
  inodes: ReadonlySet<string>,
  ofOne = mostOfOne,
): Generator<undefined, Holder[]> {
  const found: Holder[] = [];
  let left = inodes.size === 0 ? 0 : mostOfAll;
  for (const pid of pids) {
    if (left <= 0) break;
    const look = lookInto(pid, inodes, ofOne);
    left -= look?.descriptors ?? 0;
    if (look !== undefined && look.holder.sockets.size > 0) found.push(look.holder);
    yield;
  }
  return found;
}

/** All sockets that any of them has, of those that were looked for. */
export function heldBy(holders: readonly Holder[]): ReadonlySet<string> {
  return new Set(holders.flatMap(({ sockets }) => [...sockets.values()]));
}

/** The holders without an ancestor that is a holder, too: a server, and not the processes that it has forked. */
export function topmost(holders: readonly Holder[], table: ProcessTable): Holder[] {
  const pids = new Set(holders.map(({ pid }) => pid));
  return holders.filter(({ pid }) => !table.ancestorsOf(pid).some((ancestor) => pids.has(ancestor)));
}

interface Look {
  readonly holder: Holder;
  /** How many descriptors were looked at. */
  readonly descriptors: number;
}

/**
 * Without inodes for all sockets. The start is asked for before and after, so that it is one process that was looked
 * at.
 */
function lookInto(pid: number, inodes: ReadonlySet<string> | undefined, most: number): Look | undefined {
  const before = statOf(pid);
  if (before === undefined) return undefined;
  const directory = `${procOfOurPids() ?? ''}/${String(pid)}`;
  try {
    const { sockets, descriptors } = socketsIn(`${directory}/fd`, inodes, most);
    const holder = { pid, ...before, sockets };
    if (sockets.size === 0) return { holder, descriptors };
    if (statOf(pid)?.start !== before.start) return undefined;
    const isBeside = readlinkSync(`${directory}/ns/net`) === readlinkSync('/proc/self/ns/net');
    return { holder: isBeside ? holder : { ...holder, sockets: new Map() }, descriptors };
  } catch {
    return undefined; // another user's, or it has ended
  }
}

function socketsIn(path: string, inodes: ReadonlySet<string> | undefined, most: number) {
  const sockets = new Map<number, string>();
  let descriptors = 0;
  const directory = opendirSync(path, { bufferSize: 256 });
  try {
    for (let entry = directory.readSync(); entry !== null && descriptors < most; entry = directory.readSync()) {
      descriptors += 1;
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`${path}/${entry.name}`))?.[1];
      if (inode !== undefined && inodes?.has(inode) !== false) sockets.set(Number(entry.name), inode);
    }
  } finally {
    directory.closeSync();
  }
  return { sockets, descriptors };
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // closed meanwhile
  }
}
