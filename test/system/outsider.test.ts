/** Whose lock of a file counts: everybody's who could have written it, and everybody's who is not known. */
import t from 'tap';
import { couldWrite, rightsIn } from '../../src/system/files/outsider.js';

const status = (uids: string, gids: string, groups: string, capabilities: string) =>
  `Name:\tflock\nUid:\t${uids}\nGid:\t${gids}\nFDSize:\t64\nGroups:\t${groups} \nNStgid:\t7\nCapInh:\tffff\nCapPrm:\t${capabilities}\n`;

t.test('what a process may is read from its status', (t) => {
  const nothing = '0000000000000000';
  t.same(rightsIn(status('1000\t1000\t1000\t1000', '100\t100\t100\t100', '100 27', nothing)), {
    uids: [1000, 1000, 1000, 1000],
    groups: [100, 100, 100, 100, 100, 27],
    hasCapabilities: false,
  });
  t.match(rightsIn(status('1\t2\t3\t4', '5', '', '0000000000000400')), { uids: [1, 2, 3, 4], hasCapabilities: true });
  t.equal(rightsIn('Name:\tflock\nUid:\t0\n'), undefined);
  t.equal(rightsIn(''), undefined);
  t.end();
});

const file = { uid: 10, gid: 20, mode: 0o100644 };
const nobody = { uids: [7, 7, 7, 7], groups: [8], hasCapabilities: false };
const cases: readonly (readonly [who: string, could: boolean, ...args: Parameters<typeof couldWrite>])[] = [
  ['a reader', false, nobody, file],
  ['root', true, { ...nobody, uids: [0, 0, 0, 0] }, file],
  ['who was root and may be again', true, { ...nobody, uids: [7, 7, 0, 7] }, file],
  ['the owner', true, { ...nobody, uids: [10, 10, 10, 10] }, file],
  ['one of the group that may read', false, { ...nobody, groups: [8, 20] }, file],
  ['one of the group that may write', true, { ...nobody, groups: [8, 20] }, { ...file, mode: 0o100664 }],
  ['one of another group', false, nobody, { ...file, mode: 0o100664 }],
  ['anybody, where all may write', true, nobody, { ...file, mode: 0o100666 }],
  ['who has capabilities', true, { ...nobody, hasCapabilities: true }, file],
  ['who has them in a user namespace of its own', false, { ...nobody, hasCapabilities: true }, file, '0 7 1\n'],
  ['one that maps the owner', true, { ...nobody, hasCapabilities: true }, file, '0 7 1\n1 10 1\n'],
  ['one whose map is empty', false, { ...nobody, hasCapabilities: true }, file, ''],
  ['whose users are not told', true, { ...nobody, uids: [] }, file],
];
for (const [who, could, ...args] of cases) {
  t.test(`${who} ${could ? 'could' : 'could not'} have written the file`, (t) => {
    t.equal(couldWrite(...args), could);
    t.end();
  });
}
