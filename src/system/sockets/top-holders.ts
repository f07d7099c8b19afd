import { fstatSync } from 'node:fs';
import type { TopHolder } from '../../core/workers/outliving.js';
import { roleOf } from '../processes/process-role.js';
import { ProcessTable } from '../processes/process-table.js';
import { holdersAmong, holderSteps, topmost } from './holders.js';

/**
 * Who has one of these sockets of ours, besides us and who had them before us: none of our workers is older than this
 * process. In many steps, since there may be thousands of processes.
 */
export function* topHolderSteps(descriptors: readonly number[]): Generator<undefined, TopHolder[]> {
  const inodes = new Set(descriptors.map((descriptor) => String(fstatSync(descriptor).ino)));
  const table = yield* ProcessTable.steps();
  const since = Number(table.statOf(process.pid)?.start ?? Infinity);
  const younger = table.pids.filter((pid) => pid !== process.pid && Number(table.statOf(pid)?.start) >= since);
  return topmost(yield* holderSteps(younger, inodes), table).map(({ pid }) => {
    const ancestors = table.ancestorsOf(pid);
    const others = [pid, ...ancestors.slice(0, Math.max(0, ancestors.indexOf(process.pid)))];
    const above = ancestors.includes(process.pid) ? [] : holdersAmong(ancestors, inodes);
    const isOfAnother = above.length > 0 || others.some((one) => roleOf(one, []) === 'superdaemon');
    return { pid, ancestors, isOfAnother };
  });
}
