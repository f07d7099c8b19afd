import fc from 'fast-check';
import t from 'tap';
import { isIpv6, mayResolve, numericAddress } from '../../src/core/command-line/address.js';
import { askPerl, withoutPerl } from '../helpers/running/original.js';

const part = fc.oneof(
  fc.constantFrom(
    '0',
    '1',
    '01',
    '08',
    '0377',
    '0400',
    '127',
    '255',
    '256',
    '65535',
    '65536',
    '16777215',
    '16777216',
    '',
  ),
  fc.constantFrom(
    '4294967295',
    '4294967296',
    '037777777777',
    '040000000000',
    '99999999999999999999',
    '000000000000001',
  ),
  fc.nat(300).map(String),
);
const four = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.'));
const group = fc.oneof(
  fc.constantFrom(
    '0',
    '1',
    'ffff',
    'FFFF',
    '00001',
    '',
    'g',
    '::',
    ':',
    '127.0.0.1',
    '1.2.3',
    '256.1.1.1',
    '1.2.3.04',
    '%lo',
    ' ',
  ),
  fc.nat(65535).map((number) => number.toString(16)),
);
const six = fc.array(group, { minLength: 1, maxLength: 9 }).map((groups) => groups.join(':').replace(':::', '::'));

t.test('addresses are those of inet_pton and gethostbyname', { skip: withoutPerl() }, (t) => {
  const texts = ['::', '::1', '1::', ':', ':1', '1:', ':::', '1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:8', '::1%lo', '::\xb9']
    .concat(fc.sample(four, { numRuns: 4000, seed: 4 }), fc.sample(six, { numRuns: 6000, seed: 6 }))
    .filter((text) => text !== '');
  const answers = askPerl('addresses.pl', texts);
  const accepted = { six: 0, four: 0 };
  for (const [index, text] of texts.entries()) {
    const [asSix, asFour, asked] = answers.slice(index * 3, index * 3 + 3);
    if (isIpv6(text) !== (asSix !== '')) t.fail(`${text} as IPv6`, { expected: asSix });
    if (asSix !== '') accepted.six++;
    if (asked !== '1') continue;
    const found = numericAddress(text) ?? '';
    if (found !== asFour || mayResolve(text)) t.fail(`${text} as IPv4`, { found, expected: asFour });
    if (asFour !== '') accepted.four++;
  }
  t.equal(accepted.six > 300 && accepted.four > 300, true, JSON.stringify(accepted));
  t.end();
});
