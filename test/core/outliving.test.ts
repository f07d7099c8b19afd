/** Who serves on though his worker has ended. */
import t from 'tap';
import { outliving, type TopHolder } from '../../src/core/workers/outliving.js';

const holder = (pid: number, ancestors: number[], isOfAnother = false): TopHolder => ({ pid, ancestors, isOfAnother });
const rows: readonly [what: string, holders: readonly TopHolder[], found: readonly number[]][] = [
  ['a worker', [holder(100, [91, 1])], []],
  ['what a worker has forked, behind a wrapper that has closed it', [holder(200, [100, 91, 1])], []],
  ['what a dead worker has forked', [holder(200, [1])], [200]],
  ['the same in a container, where it is handed to us', [holder(200, [91])], [200]],
  ['workers of a start_server that has taken the sockets over', [holder(300, [98, 1], true)], []],
];
for (const [what, holders, found] of rows) {
  t.test(what, (t) => {
    t.same(outliving(holders, [100, 101]), found);
    t.end();
  });
}
