/**
 * flock(2) asks for no right to write: whoever may read a file can lock it, for ever. A superdaemon has written its pid
 * file, so the lock of somebody who could not have written the file is no sign of a superdaemon.
 */
import { fstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { lockHoldersOf } from './lock-holders.js';
import { statOf } from '../processes/process.js';

export interface Outsider {
  readonly pid: number;
  readonly uid: number;
}

/**
 * The process that keeps us from locking a file which it could never have written. Undefined where that is not certain: the
 * holder is not listed, has ended, is hidden from us, or may write the file.
 */
export function outsiderLocking(descriptor: number): Outsider | undefined {
  const holders = lockHoldersOf(descriptor).map((pid) => outsider(pid, descriptor));
  return holders.every((holder) => holder !== undefined) ? holders[0] : undefined;
}

function outsider(pid: number, descriptor: number): Outsider | undefined {
  // The numbers in /proc/locks are those of /proc, whichever pid namespace it is mounted for.
  const entry = `/proc/${String(pid)}`;
  try {
    const before = statOf(pid, '/proc');
    const rights = rightsIn(readFileSync(`${entry}/status`, 'latin1'));
    const map = readFileSync(`${entry}/uid_map`, 'latin1');
    const isSameMap = map === readFileSync('/proc/self/uid_map', 'latin1');
    const mayWrite = rights === undefined || couldWrite(rights, fstatSync(descriptor), isSameMap ? undefined : map);
    if (rights === undefined || mayWrite || opensOtherwise(entry, descriptor)) return undefined;
    const isSame = before !== undefined && before.state !== 'Z' && before.start === statOf(pid, '/proc')?.start;
    return isSame ? { pid, uid: rights.uids[1] ?? NaN } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether we can see that the process does not have the file open, or has it open for writing: then it is no outsider. */
function opensOtherwise(entry: string, descriptor: number): boolean {
  const { dev, ino } = fstatSync(descriptor, { bigint: true });
  const numbers = namesIn(`${entry}/fd`);
  if (numbers === undefined) return false; // another user's process; /proc/locks says that it took the lock
  const open = numbers.filter((number) => {
    const other = statSync(`${entry}/fd/${number}`, { bigint: true, throwIfNoEntry: false });
    return other?.dev === dev && other.ino === ino;
  });
  return open.length === 0 || open.some((number) => !isReadOnly(readFileSync(`${entry}/fdinfo/${number}`, 'latin1')));
}

function namesIn(directory: string): string[] | undefined {
  try {
    return readdirSync(directory);
  } catch {
    return undefined;
  }
}

function isReadOnly(fdinfo: string): boolean {
  const flags = /^flags:\s*[0-7]*([0-7])$/m.exec(fdinfo)?.[1];
  return flags !== undefined && (Number(flags) & 3) === 0;
}

/** The rights of a process, from /proc/PID/status. */
export interface Rights {
  /** Its real, effective and saved user, and that for the file system. */
  readonly uids: readonly number[];
  /** The same for groups, and its supplementary groups. */
  readonly groups: readonly number[];
  readonly hasCapabilities: boolean;
}

export function rightsIn(status: string): Rights | undefined {
  const field = (name: string) => new RegExp(`^${name}:[\\t ]*(.*)$`, 'm').exec(status)?.[1];
  const [uids, gids, groups, capabilities] = ['Uid', 'Gid', 'Groups', 'CapPrm'].map(field);
  if (uids === undefined || gids === undefined || groups === undefined || capabilities === undefined) return undefined;
  return {
    uids: numbersIn(uids),
    groups: [...numbersIn(gids), ...numbersIn(groups)],
    hasCapabilities: /[1-9a-f]/.test(capabilities),
  };
}

function numbersIn(text: string): number[] {
  return Array.from(text.matchAll(/\d+/g), ([digits]) => Number(digits));
}

/**
 * Whether the process could ever have written the file. `foreignMap` is its uid_map where that differs from ours. Anybody
 * may make a user namespace and have capabilities in it; these only count for files of users that the namespace maps.
 */
export function couldWrite(
  { uids, groups, hasCapabilities }: Rights,
  { uid, gid, mode }: { readonly uid: number; readonly gid: number; readonly mode: number },
  foreignMap?: string,
): boolean {
  if (uids.length === 0 || uids.includes(0) || uids.includes(uid)) return true;
  if ((mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && groups.includes(gid))) return true;
  return hasCapabilities && (foreignMap === undefined || maps(foreignMap, uid));
}

function maps(map: string, uid: number): boolean {
  return map.split('\n').some((line) => {
    const [, first = NaN, count = NaN] = numbersIn(line);
    return uid >= first && uid < first + count;
  });
}
