/** What another command line means for each socket, and how one that stays is asked for by then. */
import t from 'tap';
import { parsePathSpec, parsePortSpec, type ListenerSpec } from '../../src/core/command-line/port-spec.js';
import { listenerChanges } from '../../src/core/report/listener-changes.js';

function specOf(text: string): ListenerSpec {
  const parsed = /^\W|s/.test(text) ? parsePathSpec(text, 108) : parsePortSpec(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

const kept: readonly (readonly [before: string, after: string, asked: string])[] = [
  ['s', 's', ''],
  ['s', './s', 's -> ./s'],
  ['s', 's=7', 's -> s=7'],
  ['80=7', '80=8', '80=7 -> 80=8'],
  ['80=7', '80', '80=7 -> 80'],
  ['80', '0.0.0.0:80', '80 -> 0.0.0.0:80'],
];

t.test('of one that is kept', (t) => {
  for (const [before, after, expected] of kept) {
    const wanted = [{ spec: specOf(after), held: { spec: specOf(before) } }];
    const [found] = listenerChanges({ wanted, gone: [] });
    t.match(found, { change: 'kept', name: specOf(after).key });
    t.equal(found?.asked === undefined ? '' : `${found.asked.before} -> ${found.asked.after}`, expected);
  }
  t.end();
});

t.test('of the others', (t) => {
  const found = listenerChanges({
    wanted: [{ spec: specOf('80=7'), held: undefined }],
    gone: [{ spec: specOf('s') }],
  });
  t.same(found, [
    { change: 'added', name: '80', kind: 'tcp' },
    { change: 'closed', name: 's', kind: 'unix' },
  ]);
  t.end();
});
