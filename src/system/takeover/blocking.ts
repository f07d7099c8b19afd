/** Whether accept(2) on a socket waits. All processes that have the socket share that flag. */
import { fstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { addon } from '../engine/addon.js';
import { procOfOurPids } from '../processes/proc.js';
import { ProcessTable } from '../processes/process-table.js';
import { holdersAmong } from '../sockets/holders.js';

/**
 * The owner before may have left the socket non-blocking, in which prefork servers that wait in accept(2) run in a
 * circle. A program that polls it has set the same flag, and would wait in accept(2) for ever without it.
 */
export function makeBlockingUnlessPolled(descriptor: number): void {
  const inode = String(fstatSync(descriptor).ino);
  const holders = holdersAmong(ProcessTable.read().pids, new Set([inode]));
  if (!holders.some(({ pid }) => isPolledBy(pid, inode))) addon.makeBlocking(descriptor);
}

/** Whether one of the process's epoll(7) instances has the socket. */
function isPolledBy(pid: number, inode: string): boolean {
  const directory = `${procOfOurPids() ?? ''}/${String(pid)}`;
  const target = new RegExp(`^tfd:.* ino:${Number(inode).toString(16)} `, 'm');
  try {
    return readdirSync(`${directory}/fd`).some(
      (number) =>
        readlinkSync(`${directory}/fd/${number}`) === 'anon_inode:[eventpoll]' &&
        target.test(readFileSync(`${directory}/fdinfo/${number}`, 'latin1')),
    );
  } catch {
    return false; // it has ended
  }
}
