import t from 'tap';
import { initialState, type State } from '../../src/core/loop/state.js';
import type { Settings } from '../../src/core/loop/types.js';
import { failureIn } from '../../src/core/loop/worker-failure.js';
import { wayToEnd } from '../helpers/decision/way-to-end.js';

const worker = (generation: number) => ({ pid: 100 + generation, generation, forkedAt: 0, wayToEnd });
const ending = (pid: number) => ({ pid, signal: { name: 'TERM', number: 15 } });
const running: State = {
  ...initialState(0),
  phase: { name: 'running' },
  generation: 2,
  current: worker(2),
  old: [worker(1)],
  ending: [ending(101)],
};
const starting: State = {
  ...running,
  generation: 3,
  phase: { name: 'starting', retiring: true, worker: worker(3) },
  ending: [ending(101), ending(103)],
};
const settings: Settings = {
  ...wayToEnd,
  interval: 1,
  killOldDelay: { text: '0', seconds: 0 },
  autoRestart: undefined,
};
const tried = (isWithdrawn: boolean) => ({ settings, trial: { generation: 3, pause: undefined, isWithdrawn } });

const table: readonly (readonly [what: string, before: State, pid: number, generation: number | undefined])[] = [
  ['the current worker', running, 102, 2],
  ['an old one that was told to end', running, 101, undefined],
  ['an old one that was not', { ...running, ending: [] }, 101, 1],
  ['one on probation', { ...starting, ending: [] }, 103, 3],
  ['one that was not ready in time', starting, 103, 3],
  ['one that was cancelled', { ...starting, phase: { name: 'starting', retiring: true, worker: worker(3), isCancelled: true } }, 103, undefined], // prettier-ignore
  ['one whose command line was withdrawn', { ...starting, candidate: tried(true) }, 103, undefined],
  ['one whose command line is withdrawn, and that is not told yet', { ...starting, candidate: tried(true), ending: [] }, 103, 3], // prettier-ignore
  ['one whose command line is wanted', { ...starting, candidate: tried(false) }, 103, 3],
  ['one beside a command line that waits', { ...starting, candidate: { settings, trial: undefined } }, 103, 3],
  ['a stranger', running, 999, undefined],
  ['any, while it stops', { ...running, phase: { name: 'stopping', code: 0 }, ending: [] }, 102, undefined],
];
for (const [what, before, pid, generation] of table) {
  t.equal(failureIn(before, { type: 'died', pid, status: 9, now: 0 })?.generation, generation, what);
}
t.same(failureIn(running, { type: 'fork failed', reason: 'no', now: 0 }), {
  type: 'fork refused',
  generation: 2,
  reason: 'no',
});
t.equal(failureIn(running, { type: 'deadline', now: 0 }), undefined);
