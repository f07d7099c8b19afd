/** Which processes hold a socket: the one that opened it, and those it was handed down to. */
import { opendirSync, readlinkSync } from 'node:fs';
import { procOfOurPids } from './proc.js';
import { statOf, type ProcessStat } from './process.js';
import type { ProcessTable } from './process-table.js';

/** A process and what it holds of the sockets that were looked for. */
export interface Holder extends ProcessStat {
  readonly pid: number;
  /** Descriptor numbers, and the inode of the socket that each is for. */
  readonly sockets: ReadonlyMap<number, string>;
}

/** So many descriptors of a process are looked at, the lowest first: a listening socket is opened before its connections. */
const most = 4096;

/**
 * What a process holds of these sockets; undefined where we may not see it. Nothing in another network namespace, whose
 * sockets are none of ours. Its start is asked for before and after, so that it is one process that was looked at.
 */
export function holderOf(pid: number, inodes: ReadonlySet<string>): Holder | undefined {
  const directory = procOfOurPids();
  const stat = statOf(pid);
  if (directory === undefined || stat === undefined) return undefined;
  try {
    const sockets = socketsIn(`${directory}/${String(pid)}`, inodes);
    return statOf(pid)?.start === stat.start ? { pid, ...stat, sockets } : undefined;
  } catch {
    return undefined; // another user's, or it has ended
  }
}

/** All that hold one of them, as far as we may see. */
export function holdersAmong(pids: readonly number[], inodes: ReadonlySet<string>): Holder[] {
  if (inodes.size === 0) return [];
  return pids.flatMap((pid) => {
    const holder = holderOf(pid, inodes);
    return holder === undefined || holder.sockets.size === 0 ? [] : [holder];
  });
}

/** Those of which no process above holds one as well: a server, and not the processes that it has forked. */
export function topmost(holders: readonly Holder[], table: ProcessTable): Holder[] {
  const pids = new Set(holders.map(({ pid }) => pid));
  return holders.filter(({ pid }) => !table.ancestorsOf(pid).some((ancestor) => pids.has(ancestor)));
}

function socketsIn(process: string, inodes: ReadonlySet<string>): Map<number, string> {
  const found = new Map<number, string>();
  if (readlinkSync(`${process}/ns/net`) !== readlinkSync('/proc/self/ns/net')) return found;
  const directory = opendirSync(`${process}/fd`, { bufferSize: 256 });
  try {
    for (let looks = 0; looks < most; looks += 1) {
      const name = directory.readSync()?.name;
      if (name === undefined) break;
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`${process}/fd/${name}`))?.[1];
      if (inode !== undefined && inodes.has(inode)) found.set(Number(name), inode);
    }
  } finally {
    directory.closeSync();
  }
  return found;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // closed meanwhile
  }
}
