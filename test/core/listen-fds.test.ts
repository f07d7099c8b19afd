/** What LISTEN_FDS tells workers: descriptors from 3 up without a gap, in their order, each with its name. */
import t from 'tap';
import { parsePathSpec, parsePortSpec, type ListenerSpec } from '../../src/core/command-line/port-spec.js';
import { listAgain, planListenFds } from '../../src/core/manager/listen-fds.js';
import { failures } from '../../src/core/text/failures.js';

function specOf(option: string): ListenerSpec {
  const parsed = option.startsWith('/') ? parsePathSpec(option, 108) : parsePortSpec(option);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

const words = (text: string) => text.split(' ').filter((word) => word !== '');

/** `PORT<NAME` is one that the service manager calls NAME; of the others it has none. */
function planned(options: string, unnamed = '', inherited: readonly number[] = []) {
  const names = new Map<ListenerSpec, string | undefined>();
  for (const option of words(options)) {
    const [typed = '', name] = option.split('<');
    names.set(specOf(typed), name?.replace('~', ' '));
  }
  const more = words(unnamed).map((name, index) => ({ name, descriptor: 20 + index }));
  return planListenFds([...names.keys()], (spec) => names.get(spec), more, new Set(inherited));
}

type Row = readonly [what: string, options: string, unnamed: string, inherited: number[], told: string, more: string];
const rows: readonly Row[] = [
  ['in the order of the options', '8080 /run/s u53', '', [], '8080:/run/s:u53', ''],
  ['by the names that systemd has for them', '8080<web 8081', '', [], 'web:8081', ''],
  ['but not by that of the store', '8080<start_server~8080', '', [], '8080', ''],
  ['in the order of descriptors', '8080=4 8081=3', '', [], '8081:8080', ''],
  ['and those that no option names behind them', '8080', 'a b', [], '8080:a:b', '20>4 21>5'],
  ['or alone', '', 'a', [], 'a', '20>3'],
  ['into a gap', '8080=4', 'a', [], 'a:8080', '20>3'],
  ['a descriptor of the caller behind them', '8080', '', [9], '8080', ''],
]; // prettier-ignore

t.test('what is told', (t) => {
  for (const [what, options, unnamed, inherited, names, more] of rows) {
    const plan = planned(options, unnamed, inherited);
    if (!plan.ok) throw new Error(plan.error.message);
    const { variables, pidVariable, descriptors } = plan.value;
    t.same([...variables.keys(), pidVariable], ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES', 'LISTEN_PID'], what);
    t.same(
      [variables.get('LISTEN_FDS'), variables.get('LISTEN_FDNAMES')],
      [String(names.split(':').length), names],
      what,
    );
    t.equal(descriptors.map(([from, to]) => `${String(from)}>${String(to)}`).join(' '), more, what);
  }
  t.end();
});

t.test('of no sockets nothing is told, as systemd has it', (t) => {
  t.same(planned(''), { ok: true, value: { variables: new Map(), descriptors: [] } });
  t.end();
});

t.test('a number that cannot be among them is refused', (t) => {
  const refusals: readonly (readonly [options: string, unnamed: string, inherited: number[], message: string])[] = [
    ['8080=9', '', [], failures.beyondListenFds(9, 3, 3)],
    ['8080 8081=9', '', [], failures.beyondListenFds(9, 3, 4)],
    ['8080=2', '', [], failures.beyondListenFds(2, 3, 3)],
    ['8080=4', '', [3], failures.beforeListenFds(3)],
    ['8080', 'a', [4], failures.beforeListenFds(4)],
    ['8080=9', 'a', [], failures.beyondListenFds(9, 3, 4)],
  ];
  for (const [options, unnamed, inherited, message] of refusals) {
    const plan = planned(options, unnamed, inherited);
    t.equal(plan.ok ? 'nothing' : plan.error.message, message, options);
  }
  t.end();
});

t.test('for another command line all keep their names, and those that no option names come behind again', (t) => {
  const before = planned('8080<web 8081', 'a b');
  if (!before.ok) throw new Error(before.error.message);
  const [added, web] = [specOf('9000'), specOf('8080')];
  const again = listAgain(before.value, [added, web], (spec) => (spec === web ? 3 : undefined), new Set());
  if (!again.ok) throw new Error(again.error.message);
  t.equal(again.value.variables.get('LISTEN_FDNAMES'), '9000:web:a:b');
  t.same(again.value.descriptors, [
    [20, 5],
    [21, 6],
  ]);
  t.match(
    listAgain(before.value, [specOf('9000=40')], () => undefined, new Set()),
    { ok: false },
  );
  t.end();
});
