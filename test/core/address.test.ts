import t from 'tap';
import { addressBytes, isIpv6, mayResolve, numericAddress } from '../../src/core/command-line/address.js';

t.test('IPv6 literals', (t) => {
  const good = [
    '::',
    '::1',
    '1::',
    'fe80::1',
    '::ffff:127.0.0.1',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7::',
    '1:2:3:4:5:6:1.2.3.4',
  ];
  // prettier-ignore
  const bad = [
    '', ':', ':::', '1', '1:2', ':1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8:', '1:2:3:4:5:6:7:8:9', '1::2:3:4:5:6:7:8', '1::2::3',
    '12345::', 'g::', 'fe80::1%lo', ' ::1', '::1 ', '[::1]', '::1.2.3', '::1.2.3.256', '::1.2.3.04', '1.2.3.4::', '::1\n', 'http://127.0.0.1',
  ];
  for (const text of good) t.equal(isIpv6(text), true, text);
  for (const text of bad) t.equal(isIpv6(text), false, text);
  t.end();
});

t.test('the bytes of an address', (t) => {
  const zeros = (count: number) => new Array<number>(count).fill(0);
  const table: readonly (readonly [text: string, bytes: readonly number[]])[] = [
    ['127.0.0.1', [127, 0, 0, 1]],
    ['::', zeros(16)],
    ['::1', [...zeros(15), 1]],
    ['1::', [0, 1, ...zeros(14)]],
    ['fe80::abcd:1', [0xfe, 0x80, ...zeros(10), 0xab, 0xcd, 0, 1]],
    ['::FFFF:127.0.0.1', [...zeros(10), 255, 255, 127, 0, 0, 1]],
    ['1:2:3:4:5:6:7:8', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]],
    ['1:2:3:4:5:6:7::', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0]],
    ['1:2:3:4:5:6:1.2.3.4', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 1, 2, 3, 4]],
  ];
  for (const [text, bytes] of table) t.same(addressBytes(text), bytes, text);
  t.end();
});

const numeric: readonly (readonly [string, string | undefined])[] = [
  ['127.0.0.1', '127.0.0.1'],
  ['0', '0.0.0.0'],
  ['127.1', '127.0.0.1'],
  ['1.2.3', '1.2.0.3'],
  ['2130706433', '127.0.0.1'],
  ['4294967295', '255.255.255.255'],
  ['4294967296', undefined],
  ['1.16777215', '1.255.255.255'],
  ['1.16777216', undefined],
  ['010.0.0.1', '8.0.0.1'],
  ['08.0.0.1', undefined],
  ['256.0.0.1', undefined],
  ['1.2.3.4.5', undefined],
  ['1..2', undefined],
  ['1.', undefined],
  ['', undefined],
  ['0x7f000001', undefined],
  ['localhost', undefined],
  ['127.0.0.1 ', undefined],
];
t.test('numbers and dots', (t) => {
  for (const [host, address] of numeric) t.equal(numericAddress(host), address, host);
  t.end();
});

t.test('what is worth a look-up', (t) => {
  for (const host of ['localhost', 'a-b.example.', 'tcp', 'u127.0.0.1', 'no.such.host', 'x_y', '1.'])
    t.equal(mayResolve(host), true, host);
  const never = [
    '',
    ' ',
    '127.0.0.1 ',
    '256.1.1.1',
    '1.2.3.4.5',
    '0x7f000001',
    '127.0X1',
    '0x7f.1',
    'caf\xe9',
    '\xb9',
    'a\nb',
  ];
  for (const host of never) t.equal(mayResolve(host), false, JSON.stringify(host));
  t.end();
});
