/** What hundreds of old workers cost that linger: none of them is looked for among all of them. */
import t from 'tap';
import { generationEvents } from '../../src/core/loop/generation-events.js';
import { initialState, servingWorkers, type EndingWorker, type State } from '../../src/core/loop/state.js';
import { step } from '../../src/core/loop/step.js';
import type { Event, Settings, Worker } from '../../src/core/loop/types.js';
import { statusSentence } from '../../src/core/manager/status-sentence.js';
import { counted, nothingCounted } from '../../src/core/report/counters.js';
import { formatStatus } from '../../src/core/report/status-format.js';
import { workerReports } from '../../src/core/report/status-report.js';
import { wayToEnd } from '../helpers/decision/way-to-end.js';

const size = 1000;
const term = { name: 'TERM', number: 15 };
const timeout = { text: '5', seconds: 5 };
const settings: Settings = {
  interval: 0,
  killOldDelay: { text: '0', seconds: 0 },
  autoRestart: undefined,
  signalOnHup: term,
  signalOnTerm: term,
};
const facts = {
  since: new Map(),
  said: new Map(),
  hasFailedRestart: false,
  lastFailure: undefined,
  exitCode: undefined,
};
/** Before the limit of those that were told to end, and after it. */
const within: Event = { type: 'deadline', now: 7000 };
const beyond: Event = { type: 'deadline', now: 9000 };

/** How often the pid or the generation of any worker was read. */
let reads = 0;

/** In no order, so that sorting by it shows. */
function pidOf(generation: number): number {
  return 1000 + ((generation * 389) % 2003);
}

function worker(generation: number): Worker {
  return {
    get pid() {
      reads += 1;
      return pidOf(generation);
    },
    get generation() {
      reads += 1;
      return generation;
    },
    forkedAt: 0,
    wayToEnd: { ...wayToEnd, processGroup: true },
  };
}

function ending(generation: number): EndingWorker {
  return {
    get pid() {
      reads += 1;
      return pidOf(generation);
    },
    signal: term,
    limit: { timeout, at: 8000 },
  };
}

const generations = Array.from({ length: size }, (_, index) => index + 1);
const steady: State = {
  ...initialState(0),
  phase: { name: 'running' },
  generation: size + 1,
  current: worker(size + 1),
  old: generations.map(worker),
  ending: generations.map(ending),
};
const starting: State = { ...steady, phase: { name: 'starting', retiring: true, worker: worker(size + 2) } };

const acts: readonly [what: string, act: () => unknown][] = [
  ['a new worker is accepted', () => step(starting, within, settings)],
  ['a limit is over', () => step(steady, beyond, settings)],
  ['what a decision means', () => generationEvents(starting, within, step(starting, within, settings))],
  ['what is counted', () => counted(nothingCounted, steady, beyond, step(steady, beyond, settings))],
  ['a sentence about it', () => statusSentence(steady, facts)],
  ['a report on it', () => workerReports(steady, 9000)],
  ['who serves', () => servingWorkers(steady)],
  ['the status file', () => formatStatus(steady.old)],
];

t.test('each of them is looked at a few times, however many there are', (t) => {
  for (const [what, act] of acts) {
    reads = 0;
    act();
    t.ok(reads >= size && reads <= 12 * size, `${what}: ${String(reads)} reads`);
  }
  t.end();
});
