import t from 'tap';
import { changeTable } from '../../src/core/report/change-table.js';

const nothing = 'no option changes, nor does the program\n';

t.equal(changeTable({ listeners: [], command: [] }), nothing);
t.equal(
  changeTable({ listeners: [{ change: 'kept', name: '80', kind: 'tcp' }], command: [] }).split('\n')[1],
  '80      tcp   kept',
);
t.same(
  changeTable({
    listeners: [{ change: 'kept', name: './s', kind: 'unix', asked: { before: 's=7', after: './s' } }],
    command: [],
  }).split('\n'),
  ['SOCKET  KIND  IS', './s     unix  kept: s=7 -> ./s', 'no other option changes, nor does the program', ''],
);
t.equal(
  changeTable({
    listeners: [],
    command: [
      { option: '--interval', before: ['1'], after: ['2'] },
      { option: '--daemonize', before: [] },
      { option: '--dir', after: ['a b'] },
      { before: ['P'], after: ['P', "it's", ''] },
    ],
  }),
  [
    '--interval: 1 -> 2',
    '--daemonize: given -> not given',
    "--dir: not given -> 'a b'",
    String.raw`the program: P -> P 'it'\''s' ''`,
    '',
  ].join('\n'),
);
