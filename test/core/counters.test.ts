/** What is counted of a run: starts, deaths, forced ends and restarts, told from decisions. */
import t from 'tap';
import { counted, nothingCounted, type Counters } from '../../src/core/report/counters.js';
import { initialState } from '../../src/core/loop/state.js';
import { step } from '../../src/core/loop/step.js';
import type { Event, Settings } from '../../src/core/loop/types.js';

const term = { name: 'TERM', number: 15 };
const settings: Settings = {
  interval: 1,
  killOldDelay: { text: '0', seconds: 0 },
  autoRestart: undefined,
  signalOnHup: term,
  signalOnTerm: term,
  stopTimeout: { text: '5', seconds: 5 },
  maxFailures: 2,
};

/** The counters after these events from the start on. */
function after(...events: readonly Event[]): Counters {
  let state = initialState(0);
  let counters = nothingCounted;
  for (const event of events) {
    const decision = step(state, event, settings);
    counters = counted(counters, state, event, decision);
    state = decision.state;
  }
  return counters;
}

const deadline = (now: number): Event => ({ type: 'deadline', now });
const forked = (pid: number, now: number): Event => ({ type: 'forked', pid, now });
const died = (pid: number, now: number): Event => ({ type: 'died', pid, status: 9, now });
const tried = (now: number): Event => ({ type: 'reconfigure', settings, now });
const hup = (now: number): Event => ({ type: 'signal', signal: 'HUP', now });
const serving = [deadline(0), forked(10, 0), deadline(1000)];

t.test('a start is no restart', (t) => {
  t.same(after(...serving), nothingCounted);
  t.end();
});

t.test('a restart is done when its worker has started well', (t) => {
  const restarted = after(...serving, hup(2000), forked(11, 2010), deadline(3010), died(10, 3020));
  t.same(restarted, { ...nothingCounted, restarts: 1, lastRestart: { at: 3010, took: 1010 } });
  t.end();
});

t.test('one that is given up has failed, and so have its starts', (t) => {
  const failing = [hup(2000), forked(11, 2000), died(11, 2100), deadline(3000), forked(12, 3000), died(12, 3100)];
  t.same(after(...serving, ...failing), { ...nothingCounted, failedStarts: 2, failedRestarts: 1 });
  t.end();
});

const probation: readonly (readonly [what: string, events: readonly Event[]])[] = [
  ['a restart that is cancelled', [hup(2000), forked(11, 2000), { type: 'cancel', now: 2500 }]],
  ['a command line that is cancelled', [tried(2000), forked(11, 2000), { type: 'cancel', now: 2500 }]],
  ['a command line whose time is over', [tried(2000), forked(11, 2000), { type: 'withdrawn', now: 2500 }]],
  [
    'one whose time is over before its worker is forked',
    [tried(2000), { type: 'withdrawn', now: 2000 }, forked(11, 2500)],
  ],
];
for (const [what, events] of probation)
  t.test(`${what} is a restart that was given up, and no failed start`, (t) => {
    t.same(after(...serving, ...events, died(11, 2510)), { ...nothingCounted, failedRestarts: 1 });
    t.end();
  });

t.test('a command line that fails by itself is a failed start', (t) => {
  const failing = [tried(2000), forked(11, 2000), died(11, 2500)];
  t.same(after(...serving, ...failing), { ...nothingCounted, failedStarts: 1, failedRestarts: 1 });
  t.end();
});

t.test('a fork that is refused is a failed start', (t) => {
  const refused = { type: 'fork failed', reason: 'no memory', now: 0 } as const;
  t.same(after(deadline(0), refused), { ...nothingCounted, failedStarts: 1 });
  t.end();
});

t.test('a worker that dies by itself, and one that is told to', (t) => {
  t.same(after(...serving, died(10, 5000)), { ...nothingCounted, unexpectedDeaths: 1 });
  t.same(after(...serving, { type: 'signal', signal: 'TERM', now: 5000 }, died(10, 5001)), nothingCounted);
  t.end();
});

t.test('one that does not end in time is killed', (t) => {
  const old = [hup(2000), forked(11, 2000), deadline(3000), deadline(8000), died(10, 8001)];
  t.match(after(...serving, ...old), { restarts: 1, forcedEnds: 1, unexpectedDeaths: 0 });
  t.end();
});
