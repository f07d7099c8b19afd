import t from 'tap';
import { parsePid } from '../../src/core/report/pid-text.js';

const cases: [line: string, pid: number | undefined][] = [
  ['1', 1],
  ['99999', 99999],
  ['2147483647', 2147483647],
  [' 99999', 99999],
  ['\t99999 \r', 99999],
  ['2147483648', undefined],
  ['99999999999999999999', undefined],
  // The first three signalled groups or everything; the others were numbers to Perl, or not.
  ['0', undefined],
  ['-1', undefined],
  ['-99999', undefined],
  ['+99999', undefined],
  ['007', undefined],
  ['1e3', undefined],
  ['0x1F', undefined],
  ['1.5', undefined],
  ['12 34', undefined],
  ['99999abc', undefined],
  ['abc', undefined],
  ['', undefined],
  [' ', undefined],
  ['\xa099999', undefined],
  ['99999\n', undefined],
  ['\xb2', undefined],
];

for (const [line, pid] of cases) {
  t.test(`${JSON.stringify(line)} names ${String(pid)}`, (t) => {
    t.equal(parsePid(line), pid);
    t.end();
  });
}
