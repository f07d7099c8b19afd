/** The kernel's tables of internet sockets: which of them wait for clients at an address. */
import t from 'tap';
import {
  internetSocketsIn,
  isBeyondListening,
  isInTheWay,
  tableAddress,
} from '../../src/system/sockets/socket-table.js';

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 101 1 000000003e33eac7 100 0 0 10 0
  12: 00000000:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000  1000        0 102 1 00000000347f17fb 100 0 0 10 0
  13: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 0 1 00000000347f17fb 100 0 0 10 0
 105: 0100007F:1F90 0100007F:D431 01 00000000:00000000 02:000A8C3E 00000000     0        0 103 2 0000000016d0c2f5 20 4 30 10 -1
`;
const udp = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  373: 0100007F:1F90 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 104 2 00000000d2b5c9a1 0
  374: 0100007F:1F90 0100007F:0035 01 00000000:00000000 00:00000000 00000000     0        0 105 2 00000000d2b5c9a2 0
`;

t.test('those that wait at an address, not their connections, nor closed ones', (t) => {
  const at = (address: string) => (there: string) => there === address;
  t.same(internetSocketsIn(tcp, 'tcp', at('0100007F:1F90')), ['101']);
  t.same(internetSocketsIn(tcp, 'tcp', at('00000000:1F90')), ['102']);
  t.same(internetSocketsIn(tcp, 'tcp', at('0100007F:1F91')), []);
  t.same(internetSocketsIn(udp, 'udp', at('0100007F:1F90')), ['104']);
  t.same(
    internetSocketsIn('', 'tcp', () => true),
    [],
  );
  t.end();
});

const addresses: readonly (readonly [address: readonly number[], port: number, little: string, big: string])[] = [
  [[127, 0, 0, 1], 8080, '0100007F:1F90', '7F000001:1F90'],
  [[0, 0, 0, 0], 7, '00000000:0007', '00000000:0007'],
  [
    [0xfe, 0x80, ...new Array<number>(13).fill(0), 1],
    80,
    '000080FE000000000000000001000000:0050',
    'FE800000000000000000000000000001:0050',
  ],
];
t.test('an address is written in the words of the machine', (t) => {
  for (const [address, port, little, big] of addresses) {
    t.equal(tableAddress({ kind: 'tcp', address, port }, true), little);
    t.equal(tableAddress({ kind: 'tcp', address, port }, false), big);
  }
  t.end();
});

t.test('what may keep a socket from its address', (t) => {
  const zeros = '0'.repeat(32);
  const table: readonly (readonly [there: string, here: string, inTheWay: boolean])[] = [
    ['0100007F:1F90', '0100007F:1F90', true],
    ['0100007F:1F90', '0200007F:1F90', false],
    ['0100007F:1F90', '0100007F:1F91', false],
    ['00000000:1F90', '0100007F:1F90', true],
    ['0100007F:1F90', '00000000:1F90', true],
    [`${zeros}:1F90`, '0100007F:1F90', true],
    [`${zeros}:1F90`, '00000000:1F90', true],
    ['0100007F:1F90', `${zeros}:1F90`, false],
    ['0100007F', '', false],
  ];
  for (const [there, here, inTheWay] of table) t.equal(isInTheWay(there, here), inTheWay, `${there} ${here}`);
  t.end();
});

t.test('those that listen come first, so the rest need not be read', (t) => {
  const [header = '', ...rows] = tcp.split('\n');
  t.notOk(isBeyondListening(`${header}\n${rows.slice(0, 3).join('\n')}`));
  t.ok(isBeyondListening(tcp));
  t.end();
});
