import t from 'tap';
import { formatStatus } from '../../src/core/report/status-format.js';

t.test('generations are sorted as text, as the original sorts them', (t) => {
  const generations = [2, 100, 10, 1, 20];
  const workers = generations.map((generation) => ({ generation, pid: 1000 + generation, forkedAt: 0 }));
  t.equal(formatStatus(workers), '1:1001\n10:1010\n100:1100\n2:1002\n20:1020\n');
  t.equal(formatStatus([]), '');
  t.end();
});
