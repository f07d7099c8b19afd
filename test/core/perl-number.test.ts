import t from 'tap';
import { numericPrefix, printedInteger, typedInteger } from '../../src/core/command-line/perl-number.js';

const printed: readonly (readonly [string, string])[] = [
  ['0', '0'],
  ['-0', '0'],
  ['+1', '1'],
  ['007', '7'],
  ['-12', '-12'],
  ['18446744073709551615', '18446744073709551615'],
  ['18446744073709551616', '1.84467440737096e+19'],
  ['-9223372036854775808', '-9223372036854775808'],
  ['-9223372036854775809', '-9.22337203685478e+18'],
  ['99999999999999999999', '1e+20'],
  ['9'.repeat(400), 'Inf'],
  [`-${'9'.repeat(400)}`, '-Inf'],
];
for (const [digits, text] of printed) {
  t.equal(printedInteger(digits), text, digits);
  t.match(typedInteger(text), /^-?\d+$/, 'what was printed can be typed');
  t.equal(printedInteger(typedInteger(text)), text, 'and means the same');
}

const read: readonly (readonly [string, number])[] = [
  ['', 0],
  ['abc', 0],
  ['-', 0],
  ['-0', 0],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['1.', 1],
  [' 2', 2],
  ['\t\n\r\f\v2', 2],
  ['\xa02', 0],
  ['2x', 2],
  ['1_000', 1],
  ['0x10', 0],
  ['1e3', 1000],
  ['1e', 1],
  ['-.5e1x', -5],
  ['- 2', 0],
  ['inf', Infinity],
  ['-Infinity', -Infinity],
  ['nan', NaN],
  ['-NaNs', NaN],
  ['qnan', NaN],
  ['1.#INF', Infinity],
  ['1#ind', NaN],
  ['1.#', 1],
];
for (const [text, number] of read) t.same(numericPrefix(text), number, JSON.stringify(text)); // NaN is not equal to itself

t.test('a fraction, which only a program gives, stays as it is', (t) => {
  t.equal(typedInteger('0.1'), '0.1');
  t.end();
});
