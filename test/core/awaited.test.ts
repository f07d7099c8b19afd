/** What an operator at a terminal reads while a command waits, and when it has ended. */
import t from 'tap';
import type { WaitingCommand } from '../../src/core/command-line/control-command.js';
import {
  awaited,
  heard,
  hintOn,
  isEndUntold,
  looked,
  nothingSeen,
  outcome,
  type Seen,
  type SeenWorker,
  type Sight,
} from '../../src/core/report/awaited.js';

type Name = WaitingCommand['type'];

const worker = (pid: number, state: SeenWorker['state'], age = 1, generation = pid - 4700): SeenWorker => ({
  generation,
  pid,
  state,
  age,
});
/** As files tell it: a new worker has no generation. */
const unnamed = (pid: number): SeenWorker => ({ pid, state: 'starting' });

function sight(state: Sight['state'], workers: readonly SeenWorker[], more: Partial<Sight> = {}): Sight {
  return { pid: 4711, workers, ...(state && { state }), ...more };
}

const before = sight('running', [worker(4712, 'current', 60)]);
const old = worker(4712, 'old', 60);
const starting = (next: Sight['next'], more: Partial<Sight> = {}) =>
  sight('starting', [worker(4712, 'current', 60), worker(4720, 'starting', 2)], { ...(next && { next }), ...more });

/** The command looked at the beginning, and a second later; it is shown after so many seconds. */
function shown(command: Name, found: Sight | undefined, seconds: number, failed: readonly number[] = []): string {
  let seen = looked(nothingSeen(command, 0), before, 0);
  for (const pid of failed) seen = heard(seen, { event: 'failed', generation: 1, pid, ending: 'exit code 1' });
  seen = looked(seen, found, 1000);
  const { what, time } = awaited(seen, seconds * 1000);
  return what + time;
}

type Row = readonly [Name, Sight | undefined, number, string, (readonly number[])?];

// prettier-ignore
const rows: readonly Row[] = [
  ['restart', before, 1, 'waiting for a new worker, 1 s'],
  ['restart', starting({ after: 'probation', left: 3 }), 1, 'generation 20: worker 4720 on probation, 2 s of 5'],
  ['restart', starting({ after: 'probation', left: 3 }), 3, 'generation 20: worker 4720 on probation, 4 s of 5'],
  ['restart', starting(undefined), 1, 'generation 20: worker 4720 on probation, 2 s'],
  ['restart', starting({ after: 'readiness' }), 1, 'generation 20: worker 4720 is not ready yet, 2 s'],
  ['restart', starting({ after: 'readiness', left: 58 }), 1, 'generation 20: worker 4720 is not ready yet, 2 s of 60'],
  ['reconfigure', starting({ after: 'probation', left: 3 }, { tried: [] }), 1, 'generation 20: worker 4720 on trial, 2 s of 5'],
  ['restart', sight('starting', [before.workers[0] ?? old, worker(4720, 'ending')]), 4, 'waiting for the end of new worker 4720, 3 s'],
  ['restart', sight('waiting', [...before.workers], { next: { after: 'pause', left: 3 } }), 2, '2 new workers have failed, the next one is due, 1 s of 3', [4720, 4721]],
  ['restart', sight('waiting', [...before.workers], { next: { after: 'pause', left: 0 } }), 1, 'a new worker has failed, the next one is due, 0 s of 0'],
  ['restart', sight('delaying', [old, worker(4720, 'current')], { next: { after: 'delay', left: 30 } }), 3, 'generation 20: worker 4720 serves, and old worker 4712 beside it, 2 s of 30'],
  ['restart', sight('running', [worker(4712, 'ending', 60), worker(4720, 'current')]), 3, 'waiting for old worker 4712, 2 s'],
  ['cancel', sight('running', [worker(4712, 'current'), worker(4720, 'ending')]), 2, 'waiting for the end of new worker 4720, 1 s'],
  ['restart', sight('running', [worker(4710, 'ending'), worker(4712, 'ending'), worker(4720, 'current')]), 2, 'waiting for old workers 4710, 4712, 1 s'],
  ['restart', sight('stopping', [worker(4712, 'ending')]), 2, 'waiting for worker 4712, 1 s'],
  ['restart', undefined, 2, 'waiting for a new worker, 2 s'],
  ['restart', sight(undefined, [...before.workers, unnamed(4720)]), 3, 'new worker 4720 on probation, 2 s'],
  ['restart', sight(undefined, [worker(4708, 'gone'), ...before.workers]), 3, 'waiting for a new worker, 3 s'],
  ['restart', sight(undefined, [old, worker(4720, 'current')]), 3, 'waiting for old worker 4712, 2 s'],
  ['stop', sight('stopping', [worker(4712, 'ending'), worker(4720, 'ending')]), 2, 'waiting for workers 4712, 4720, 1 s'],
  ['stop', sight('stopping', []), 2, 'start_server (pid 4711) is ending, 1 s'],
  ['upgrade', before, 4, 'start_server (pid 4711) becomes the version that is installed now, 4 s'],
];

t.test('what is waited for, for whom and how long', (t) => {
  for (const [command, found, seconds, expected, failed] of rows)
    t.equal(shown(command, found, seconds, failed), expected, `${command}: ${expected}`);
  t.end();
});

t.test('nobody has answered yet, or does not any more', (t) => {
  const asked = looked(nothingSeen('restart', 0), undefined, 1000);
  t.same(awaited(asked, 2000), { what: 'waiting for start_server', time: ', 1 s' });
  const silent = looked(looked(looked(asked, before, 1000), undefined, 2000), undefined, 5000);
  t.same(awaited(silent, 7000), { what: 'start_server (pid 4711) does not answer', time: ', 2 s' });
  t.end();
});

t.test('what another start_server tells at the same place is not what was asked', (t) => {
  const seen = looked(looked(nothingSeen('stop', 0), before, 0), { ...before, pid: 5000 }, 1000);
  t.equal(seen.sight?.pid, 4711);
  t.end();
});

/** Two new workers on probation are seen one after the other, without an event. */
function failing(second: number): Seen {
  const [one, two] = [unnamed(4720), unnamed(4721)].map((each) => sight(undefined, [...before.workers, each]));
  const seen = [before, one, two, before].reduce<Seen>(
    (last, found) => looked(last, found, 0),
    nothingSeen('restart', 0),
  );
  return looked(seen, before, second * 1000);
}

t.test('a hint is given when new workers keep failing, and where none is to be seen', (t) => {
  t.equal(hintOn(failing(4), 4000), undefined, 'not at once');
  t.match(hintOn(failing(5), 5000), /^2 new workers have failed so far/);
  const files = sight(undefined, before.workers);
  const dark = looked(nothingSeen('restart', 0), files, 0);
  t.equal(hintOn(dark, 4000), undefined);
  t.match(hintOn(dark, 5000), /^no new worker is to be seen/);
  t.equal(hintOn(looked(nothingSeen('restart', 0), before, 0), 9000), undefined, 'a control socket tells');
  t.end();
});

t.test('at the end one line says what is true now', (t) => {
  const end = (command: Name, last: Sight, events: Parameters<typeof heard>[1][]) =>
    outcome(events.reduce(heard, looked(looked(nothingSeen(command, 0), before, 0), last, 1)));
  const after = sight('running', [worker(4720, 'current')]);
  const exited = { event: 'died', generation: 12, pid: 4712, waitStatus: 256, ending: 'exit code 1' } as const;
  const killed = { ...exited, waitStatus: 15, ending: 'killed by signal TERM' };
  t.equal(end('restart', after, [exited]), 'generation 20, worker 4720, serves; 4712 ended with 1');
  t.equal(end('restart', after, [killed]), 'generation 20, worker 4720, serves; 4712 was killed by signal TERM');
  t.equal(end('restart', after, []), 'generation 20, worker 4720, serves; 4712 has ended');
  t.equal(end('reconfigure', after, [{ ...exited, event: 'retired' }]), 'the new command line is in force: generation 20, worker 4720, serves; 4712 has ended'); // prettier-ignore
  t.equal(end('upgrade', before, []), 'generation 12, worker 4712, serves');
  t.equal(end('stop', sight('stopping', [worker(4712, 'ending')]), [exited]), 'start_server (pid 4711) has ended; 4712 ended with 1'); // prettier-ignore
  t.equal(outcome(nothingSeen('stop', 0)), undefined, 'nothing was seen');
  t.end();
});

t.test('the end of a worker may be told later than seen', (t) => {
  const seen = looked(looked(nothingSeen('restart', 0), before, 0), sight('running', [worker(4720, 'current')]), 1);
  t.ok(isEndUntold(seen));
  t.notOk(isEndUntold(heard(seen, { event: 'died', generation: 12, pid: 4712 })));
  t.end();
});
