import t from 'tap';
import { atMost, digits } from '../../bench/compare.mjs';

const share = (number: number) => number.toFixed(2);

t.test('a goal that is missed can be seen to be', (t) => {
  const table: [value: number, limit: number, show: (number: number) => string, measured: string, met: boolean][] = [
    [0.99, 1.03, share, '0.99', true],
    [1.03, 1.03, share, '1.03', true],
    [1.12, 1.03, share, '1.12', false],
    [1.0331, 1.03, share, '1.033', false],
    [1.03004, 1.03, share, '1.03004', false],
    [1.104, 1.1, share, '1.104', false],
    [100.2, 100, digits, '100.2', false],
    [1, 0, String, '1', false],
  ];
  for (const [value, limit, show, measured, met] of table)
    t.match(atMost('small', value, limit, '', show), { measured, met, limit: `at most ${show(limit)}` });
  t.end();
});
