import t from 'tap';
import { printable } from '../../src/system/output/printable.js';

t.test('control characters are shown, not performed', (t) => {
  t.equal(printable('a\x1b[31mred\nb\r\0\x7f'), String.raw`a\x1b[31mred\nb\x0d\x00\x7f`);
  t.equal(printable('tab\t, \xc3\xa9, \\ and \x80'), 'tab\t, \xc3\xa9, \\ and \x80');
  t.end();
});
