import t from 'tap';
import { quoted } from '../../src/core/text/quoted.js';

const table: readonly (readonly [string, string])[] = [
  ['', '""'],
  ['two words', '"two words"'],
  ['a\nb\tc\r', '"a\\nb\\tc\\r"'],
  ['\x1b[2J\x7f', '"\\x1b[2J\\x7f"'],
  ['say "\\"', '"say \\"\\\\\\""'],
  ['caf\xc3\xa9 \xff', '"caf\xc3\xa9 \xff"'],
];

for (const [text, shown] of table) t.equal(quoted(text), shown);
