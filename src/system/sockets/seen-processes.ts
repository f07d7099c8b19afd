import type { SeenProcess } from '../../core/workers/left-workers.js';
import { holderOf, holdersAmong } from './holders.js';
import { roleOf } from '../processes/process-role.js';
import type { ProcessTable } from '../processes/process-table.js';

/**
 * What is seen of these processes, of their siblings that hold one of the sockets, too, and of all ancestors of any of them
 * and of this process: which of the sockets each one holds, and its role.
 */
export function seeAround(
  pids: readonly number[],
  sockets: ReadonlySet<string>,
  table: ProcessTable,
): Map<number, SeenProcess> {
  const living = pids.filter((pid) => table.statOf(pid) !== undefined);
  const parents = new Set(living.map((pid) => table.statOf(pid)?.parent ?? 0));
  const beside = [...living, ...[...parents].flatMap((parent) => table.childrenOf(parent))];
  const holders = holdersAmong([...new Set(beside)], sockets).map(({ pid }) => pid);
  const above = [...living, ...holders, process.pid].flatMap((pid) => table.ancestorsOf(pid));
  const seen = new Map<number, SeenProcess>();
  for (const pid of new Set([...living, ...holders, process.pid, ...above])) {
    const one = see(pid, sockets, table);
    if (one !== undefined) seen.set(pid, one);
  }
  return seen;
}

function see(pid: number, sockets: ReadonlySet<string>, table: ProcessTable): SeenProcess | undefined {
  const stat = table.statOf(pid);
  if (stat === undefined) return undefined;
  const holder = holderOf(pid, sockets);
  const isSame = holder?.start === stat.start && holder.parent === stat.parent;
  const held = isSame ? [...new Set(holder.sockets.values())] : undefined;
  // Of a process without a socket only the name matters: it may be the ancestor of one that has some.
  const children = held === undefined || held.length === 0 ? [] : holdersAmong(table.childrenOf(pid), sockets);
  const role = roleOf(
    pid,
    children.map((child) => child.pid),
  );
  return { pid, parent: stat.parent, sockets: held, role };
}
