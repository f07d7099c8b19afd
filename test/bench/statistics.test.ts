import t from 'tap';
import { growth, median, quantile, ratio, summary } from '../../bench/statistics.mjs';

t.test('quantiles lie between two numbers where they fall between them', (t) => {
  const table: [numbers: number[], share: number, value: number][] = [
    [[5], 0.5, 5],
    [[3, 1, 2], 0.5, 2],
    [[4, 1, 2, 3], 0.5, 2.5],
    [[1, 2, 3, 4, 5], 0.25, 2],
    [[10, 20], 0.99, 19.9],
    [[9, 1], 0, 1],
    [[9, 1], 1, 9],
  ];
  for (const [numbers, share, value] of table) {
    t.equal(Math.round(quantile(numbers, share) * 1000) / 1000, value, `${String(share)} of ${String(numbers)}`);
  }
  t.ok(Number.isNaN(median([])), 'nothing has no median');
  t.end();
});

t.test('one that takes a hundred times as long does not move the median, and is not left out', (t) => {
  t.same(summary([1, 2, 3, 4, 400]), { count: 5, median: 3, lower: 2, upper: 4 });
  t.end();
});

t.test('a ratio lies in its interval, which is narrow for lists that spread little', (t) => {
  const [ours, theirs] = [
    [0.9, 1, 1.1, 1, 1],
    [2, 2.1, 1.9, 2, 2],
  ];
  const { value, low, high } = ratio(ours, theirs);
  t.equal(value, 0.5);
  t.ok(low <= value && value <= high);
  t.ok(high - low < 0.2);
  t.same(ratio(ours, theirs), { value, low, high }, 'and the same each time');
  const spread = ratio([0.1, 1, 1.9, 1, 1], theirs);
  t.ok(spread.high - spread.low > high - low);
  t.end();
});

t.test('the power with which something grows', (t) => {
  const sizes = [1, 10, 100, 1000, 10_000];
  const of = (y: (x: number) => number) => growth(sizes.map((x) => [x, y(x)]), 0.001); // prettier-ignore
  t.equal(of(() => 7), 0, 'not at all'); // prettier-ignore
  t.ok(Math.abs(of((x) => 5 + 2 * x) - 1) < 0.02, 'linear');
  t.ok(Math.abs(of((x) => 5 + x * x) - 2) < 0.02, 'quadratic');
  t.ok(of((x) => Math.log(x)) < 0.5, 'logarithmic');
  t.equal(growth([[1, 5], [10, 5.01], [100, 5.02]], 0.1), 0, 'noise is no growth'); // prettier-ignore
  t.end();
});
