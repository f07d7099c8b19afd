/** What is decided ahead; that it is what `step` then asks for, the property test holds. */
import t from 'tap';
import { standingOrder } from '../../src/core/loop/standing-order.js';
import { initialState, type State } from '../../src/core/loop/state.js';
import type { Settings, Worker } from '../../src/core/loop/types.js';

const term = { name: 'TERM', number: 15 };
const none = { text: '0', seconds: 0 };
const settings: Settings = {
  interval: 1,
  killOldDelay: none,
  autoRestart: undefined,
  signalOnHup: term,
  signalOnTerm: term,
};
const current: Worker = { pid: 7, generation: 3, forkedAt: 0, wayToEnd: settings };
const running: State = { ...initialState(0), phase: { name: 'running' }, generation: 3, current };

t.test('while a worker serves and nothing is under way, a HUP or its death has its answer', (t) => {
  t.same(standingOrder(running, settings), { generation: 4, atDeathOf: 7 });
  t.same(standingOrder({ ...running, old: [{ ...current, pid: 6 }] }, settings), { generation: 4, atDeathOf: 7 });
  t.end();
});

t.test('where a death may be a failed start, only a HUP has one', (t) => {
  t.same(standingOrder(running, { ...settings, interval: 0 }), { generation: 4 });
  t.same(standingOrder(running, { ...settings, readiness: 'notify' }), { generation: 4 });
  t.end();
});

t.test('in every other phase, and while another command line waits, none has', (t) => {
  const phases: State['phase'][] = [
    { name: 'spawning', retiring: false, stop: undefined },
    { name: 'starting', retiring: true, worker: current },
    { name: 'waiting', retiring: false, until: 5 },
    { name: 'delaying', until: 5 },
    { name: 'stopping', code: 0 },
    { name: 'stopped' },
  ];
  for (const phase of phases) t.equal(standingOrder({ ...running, phase }, settings), undefined, phase.name);
  const candidate = { settings, trial: undefined };
  t.equal(standingOrder({ ...running, candidate }, settings), undefined);
  t.end();
});
