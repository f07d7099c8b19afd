import t from 'tap';
import { formatStatus, generationsIn, isReplaced, workersIn } from '../../src/core/report/status-format.js';
import { wayToEnd } from '../helpers/decision/way-to-end.js';

t.test('generations are sorted as text, as the original sorts them', (t) => {
  const generations = [2, 100, 10, 1, 20];
  const workers = generations.map((generation) => ({ generation, pid: 1000 + generation, forkedAt: 0, wayToEnd }));
  t.equal(formatStatus(workers), '1:1001\n10:1010\n100:1100\n2:1002\n20:1020\n');
  t.equal(formatStatus([]), '');
  t.end();
});

t.test('generations in a status file', (t) => {
  const cases: [status: string, generations: number[]][] = [
    ['', []],
    ['1:100\n', [1]],
    ['10:100\n9:101\n', [10, 9]],
    ['2:100\n2:101\n', [2]],
    ['1:100', [1]],
    ['1:\n', [1]],
    ['\n\nabc\n:5\n -1:7\nx3:4\n+5:6\n7\n4:x:9\n', [4]],
    ['1:2 3:4\r\n5:6\n', [1, 5]],
  ];
  for (const [status, generations] of cases) t.same(generationsIn(status), generations, JSON.stringify(status));
  t.end();
});

t.test('a restart is complete when one generation is left that is newer than all before', (t) => {
  const cases: [before: number[], now: number[], isComplete: boolean][] = [
    [[1], [2], true],
    [[9], [10], true],
    [[1], [3], true],
    [[2, 1], [4], true],
    [[1], [1], false],
    [[1], [1, 2], false],
    [[1], [2, 3], false],
    [[1], [], false],
    [[2, 1], [2], false],
    [[10, 9], [9], false],
    [[10], [2], false],
  ];
  for (const [before, now, isComplete] of cases) {
    t.equal(isReplaced(before, now), isComplete, `${before.join()} -> ${now.join()}`);
  }
  t.end();
});

t.test('workers are those of whole lines, the oldest generation first', (t) => {
  t.same(workersIn('10:7\n9:8\n1:\n2:3x\nx\n'), [
    { generation: 9, pid: 8 },
    { generation: 10, pid: 7 },
  ]);
  t.same(workersIn('1:0\n1:1\n1:007\n1:2147483648\n1:-5\n1:2\n'), [{ generation: 1, pid: 2 }], 'which are no pids');
  t.end();
});
