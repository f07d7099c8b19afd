/** What systemctl status shows, at each moment of a run. */
import t, { type Test } from 'tap';
import { statusSentence, type SentenceFacts } from '../../src/core/manager/status-sentence.js';
import { initialState, type State } from '../../src/core/loop/state.js';
import { wayToEnd } from '../helpers/decision/way-to-end.js';

const term = { name: 'TERM', number: 15 };
const worker = (generation: number) => ({ pid: 100 + generation, generation, forkedAt: 0, wayToEnd });
const running: State = { ...initialState(0), phase: { name: 'running' }, generation: 1, current: worker(1) };
const failure = { generation: 2, pid: 102, waitStatus: 256, ending: 'exit code 1' };
const nothing: SentenceFacts = {
  since: new Map([[101, '2026-11-28 04:16:01']]),
  said: new Map(),
  hasFailedRestart: false,
  lastFailure: undefined,
  exitCode: undefined,
};
const serves = 'worker 101 (generation 1) serves since 2026-11-28 04:16:01';
const lastFailure = { report: failure, at: '2026-11-28 04:17:11' };
const failed = 'last failure: generation 2, pid 102, exit code 1 (wait status 256), at 2026-11-28 04:17:11';

type Row = readonly [what: string, state: Partial<State>, sentence: string, facts?: Partial<SentenceFacts>];

function says(t: Test, rows: readonly Row[], state: State): void {
  for (const [what, more, sentence, facts] of rows)
    t.equal(statusSentence({ ...state, ...more }, { ...nothing, ...facts }), sentence, what);
  t.end();
}

t.test('before anything serves', (t) => {
  const starting = { name: 'starting', retiring: false, worker: worker(1) } as const;
  const waiting = { name: 'waiting', retiring: false, until: 1 } as const;
  const rows: readonly Row[] = [
    ['the fork', { phase: { name: 'spawning', retiring: false, stop: undefined }, generation: 1 }, 'nothing serves; generation 1 is starting'],
    ['the first worker', { phase: starting }, 'nothing serves; worker 101 (generation 1) is starting'],
    ['with its words', { phase: starting }, 'nothing serves; worker 101 (generation 1) is starting, it says: 40 %', { said: new Map([[101, '40 %']]) }],
    ['too late', { phase: starting, ending: [{ pid: 101, signal: term }] }, 'nothing serves; worker 101 (generation 1) was not ready in time, and was told to end'],
    ['failed', { phase: waiting, failures: 2 }, `nothing serves; another start follows, 2 starts have failed in a row; ${failed}`, { lastFailure }],
  ]; // prettier-ignore
  says(t, rows, initialState(0));
});

t.test('while a worker serves', (t) => {
  const starting = { name: 'starting', retiring: true, worker: worker(2) } as const;
  const ending = [{ pid: 101, signal: term }];
  const newer = { current: worker(2), old: [worker(1)], ending };
  const rows: readonly Row[] = [
    ['cancelled', { phase: { ...starting, isCancelled: true }, current: worker(1) }, 'worker 101 (generation 1) serves since 2026-11-28 04:16:01; worker 102 (generation 2) was cancelled, and told to end'],
    ['steady', {}, serves],
    ['with its words', {}, `${serves}, it says: 17 jobs`, { said: new Map([[101, '17 jobs']]) }],
    ['a restart', { phase: starting }, `${serves}; worker 102 (generation 2) is starting`],
    ['a failed start', { phase: { name: 'waiting', retiring: true, until: 1 }, failures: 1 }, `${serves}; another start follows, 1 start has failed in a row; ${failed}`, { lastFailure }],
    ['a failed restart', {}, `${serves}; the last restart has failed; ${failed}`, { lastFailure, hasFailedRestart: true }],
    ['the old one goes on', { ...newer, ending: [], phase: { name: 'delaying', until: 1 } }, 'worker 102 (generation 2) serves since its start; old worker 101 will be told to end'],
    ['the old one ends', newer, 'worker 102 (generation 2) serves since its start; old worker 101 was told to end'],
    ['its own death', { current: undefined, phase: { ...starting, retiring: false } }, 'nothing serves; worker 102 (generation 2) is starting'],
  ]; // prettier-ignore
  says(t, rows, running);
});

t.test('at the end', (t) => {
  const ending = [1, 2].map((generation) => ({ pid: 100 + generation, signal: term }));
  const stopping: Partial<State> = { phase: { name: 'stopping', code: 0 }, current: undefined };
  const rows: readonly Row[] = [
    ['workers are left', { ...stopping, old: [worker(1), worker(2)], ending }, 'ending; workers 101, 102 were told to end'],
    ['the end', { phase: { name: 'stopped' }, current: undefined }, 'ended', { exitCode: 0 }],
    ['the end of too many failures', { phase: { name: 'stopped' }, current: undefined, failures: 1 }, 'gave up, 1 start has failed in a row', { exitCode: 69 }],
    ['too many failures', { ...stopping, phase: { name: 'stopping', code: 69 }, failures: 3 }, `giving up, 3 starts have failed in a row; ${failed}`, { lastFailure }],
  ]; // prettier-ignore
  says(t, rows, running);
});
