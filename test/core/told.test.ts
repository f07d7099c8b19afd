/** What the service manager is told: stories of a run, each event with the messages that follow it. */
import t, { type Test } from 'tap';
import { nothingTold, tell } from '../../src/core/manager/told.js';
import { initialState } from '../../src/core/loop/state.js';
import { step } from '../../src/core/loop/step.js';
import type { Event, Settings } from '../../src/core/loop/types.js';

const term = { name: 'TERM', number: 15 };
const plain: Settings = {
  interval: 1,
  killOldDelay: { text: '0', seconds: 0 },
  autoRestart: undefined,
  signalOnHup: term,
  signalOnTerm: term,
};
const seconds = (number: number) => ({ text: String(number), seconds: number });

/** Moments in seconds, what happens then, and what is told; of the status the phase and the generation. */
type Story = readonly (readonly [at: number, what: string, messages: readonly string[]])[];

function eventOf(what: string, now: number): Event {
  const [type = '', argument = '', status = '0'] = what.split(' ');
  const pid = Number(argument);
  switch (type) {
    case 'forked':
    case 'ready':
      return { type, pid, now };
    case 'died':
      return { type, pid, status: Number(status), now };
    case 'refused':
      return { type: 'fork failed', reason: 'no', now };
    case 'deadline':
    case 'cancel':
      return { type, now };
    default:
      return { type: 'signal', signal: type as 'HUP', now };
  }
}

function tells(t: Test, story: Story, settings: Partial<Settings> = {}): void {
  let state = initialState(0);
  let told = nothingTold;
  const whole = { ...plain, ...settings };
  const seen = story.map(([at, what]) => {
    const event = eventOf(what, at * 1000);
    const decision = step(state, event, whole);
    const { phase, generation } = decision.state;
    const happening = { before: state, event, decision, settings: whole };
    const telling = tell(told, happening, () => `${phase.name} ${String(generation)}`);
    state = decision.state;
    told = telling.told;
    return [at, what, telling.messages.map((message) => message.replaceAll('\n', ' '))];
  });
  t.same(seen, story);
}

const started: Story = [
  [0, 'deadline', ['STATUS=spawning 1']],
  [0, 'forked 101', ['STATUS=starting 1 EXTEND_TIMEOUT_USEC=6000000']],
  [1, 'deadline', ['READY=1 STATUS=running 1']],
];

t.test('a start, a restart, a death, the end', (t) => {
  tells(t, [
    ...started,
    [2.5, 'HUP', ['RELOADING=1 MONOTONIC_USEC=2500000 STATUS=spawning 2']],
    [2.5, 'forked 102', ['STATUS=starting 2 EXTEND_TIMEOUT_USEC=6000000']],
    [3.5, 'deadline', ['READY=1 STATUS=running 2']],
    [3.6, 'died 101', []],
    [4, 'died 102 9', ['STATUS=spawning 3']],
    [4, 'forked 103', ['STATUS=starting 3']],
    [5, 'deadline', ['STATUS=running 3']],
    [6, 'TERM', ['STOPPING=1 STATUS=stopping 3']],
    [6.1, 'died 103', ['STATUS=stopped 3']],
  ]);
  t.end();
});

t.test('a start that fails, and is tried again: the start is over when a worker serves', (t) => {
  tells(t, [
    ...started.slice(0, 2),
    [0.5, 'died 101 256', ['STATUS=waiting 1']],
    [1, 'deadline', ['STATUS=spawning 2']],
    [1, 'refused', ['STATUS=waiting 2']],
    [2, 'deadline', ['STATUS=spawning 3']],
    [2, 'forked 103', ['STATUS=starting 3']],
    [3, 'deadline', ['READY=1 STATUS=running 3']],
  ]);
  t.end();
});

t.test('one with too many failures is the end', (t) => {
  const story: Story = [...started.slice(0, 2), [0.5, 'died 101 256', ['STOPPING=1 STATUS=stopped 1']]];
  tells(t, story, { maxFailures: 1 });
  t.end();
});

t.test('HUPs during a restart are one further restart: each restart has its pair', (t) => {
  tells(t, [
    ...started,
    [2, 'HUP', ['RELOADING=1 MONOTONIC_USEC=2000000 STATUS=spawning 2']],
    [2, 'forked 102', ['STATUS=starting 2 EXTEND_TIMEOUT_USEC=6000000']],
    [2.1, 'HUP', []],
    [2.2, 'HUP', []],
    [3, 'deadline', ['READY=1', 'RELOADING=1 MONOTONIC_USEC=3000000 STATUS=spawning 3']],
    [3, 'forked 103', ['STATUS=starting 3 EXTEND_TIMEOUT_USEC=6000000']],
    [4, 'deadline', ['READY=1 STATUS=running 3']],
  ]);
  t.end();
});

t.test('one before the first worker serves is told after that', (t) => {
  tells(t, [
    ...started.slice(0, 2),
    [0.5, 'HUP', []],
    [1, 'deadline', ['READY=1', 'RELOADING=1 MONOTONIC_USEC=1000000 STATUS=spawning 2']],
  ]);
  t.end();
});

t.test('a restart that fails says why by ERRNO, and the next one that does not takes it back', (t) => {
  const failing = (why: string, at: number, errno: string): Story => [
    [at, 'HUP', [`RELOADING=1 MONOTONIC_USEC=${String(at)}000000 STATUS=spawning ${String(at)}`]],
    ...(why === 'refused'
      ? []
      : [[at, `forked ${String(at)}`, [`STATUS=starting ${String(at)} EXTEND_TIMEOUT_USEC=6000000`]] as const]),
    [at + 0.1, why, [`READY=1 ${errno}STATUS=running ${String(at)}`]],
  ];
  const story: Story = [
    ...started,
    ...failing('died 2 256', 2, 'ERRNO=10 '),
    ...failing('died 3 256', 3, ''),
    ...failing('refused', 4, 'ERRNO=11 '),
    [5, 'HUP', ['RELOADING=1 MONOTONIC_USEC=5000000 STATUS=spawning 5']],
    [5, 'forked 5', ['STATUS=starting 5 EXTEND_TIMEOUT_USEC=6000000']],
    [6, 'deadline', ['READY=1 ERRNO=0 STATUS=running 5']],
  ];
  tells(t, story, { maxFailures: 1 });
  t.end();
});

t.test('a restart that is cancelled has another ERRNO, also in a pause', (t) => {
  const story: Story = [
    ...started,
    [2, 'HUP', ['RELOADING=1 MONOTONIC_USEC=2000000 STATUS=spawning 2']],
    [2, 'forked 102', ['STATUS=starting 2 EXTEND_TIMEOUT_USEC=6000000']],
    [2.5, 'cancel', ['EXTEND_TIMEOUT_USEC=10000000']],
    [2.6, 'died 102 15', ['READY=1 ERRNO=125 STATUS=running 2']],
    [3, 'HUP', ['RELOADING=1 MONOTONIC_USEC=3000000 STATUS=spawning 3']],
    [3, 'forked 103', ['STATUS=starting 3']],
    [3.1, 'died 103 256', ['STATUS=waiting 3']],
    [3.5, 'cancel', ['READY=1 STATUS=running 3']],
  ];
  tells(t, story);
  t.end();
});

t.test('a restart that was asked for is told again when another fails right before it', (t) => {
  const story: Story = [
    ...started,
    [2, 'HUP', ['RELOADING=1 MONOTONIC_USEC=2000000 STATUS=spawning 2']],
    [2, 'forked 102', ['STATUS=starting 2 EXTEND_TIMEOUT_USEC=6000000']],
    [2.1, 'HUP', []],
    [2.2, 'died 102 1', ['READY=1 ERRNO=10', 'RELOADING=1 MONOTONIC_USEC=2200000 STATUS=spawning 3']],
  ];
  tells(t, story, { maxFailures: 1 });
  t.end();
});

t.test('the manager waits until a limit of ours is over, and a moment longer', (t) => {
  const limits = { readiness: 'notify', startTimeout: seconds(60), stopTimeout: seconds(20), maxFailures: 2 } as const;
  const story: Story = [
    [0, 'deadline', ['STATUS=spawning 1']],
    [0, 'forked 101', ['STATUS=starting 1 EXTEND_TIMEOUT_USEC=65000000']],
    [60, 'deadline', ['EXTEND_TIMEOUT_USEC=25000000']],
    [61, 'died 101 15', ['STATUS=waiting 1']],
    [62, 'deadline', ['STATUS=spawning 2']],
    [62, 'forked 102', ['STATUS=starting 2 EXTEND_TIMEOUT_USEC=65000000']],
    [63, 'ready 102', ['READY=1 STATUS=running 2']],
    [200, 'died 102 9', ['STATUS=spawning 3']],
    [200, 'forked 103', ['STATUS=starting 3']],
    [300, 'TERM', ['STOPPING=1 STATUS=stopping 3 EXTEND_TIMEOUT_USEC=25000000']],
  ];
  tells(t, story, limits);
  t.end();
});

t.test('not while starts fail without end: then it is the limit of the manager that counts', (t) => {
  const limits = { readiness: 'notify', startTimeout: seconds(60) } as const;
  const story: Story = [
    [0, 'deadline', ['STATUS=spawning 1']],
    [0, 'forked 101', ['STATUS=starting 1 EXTEND_TIMEOUT_USEC=65000000']],
    [1, 'died 101 256', ['STATUS=waiting 1']],
    [2, 'deadline', ['STATUS=spawning 2']],
    [2, 'forked 102', ['STATUS=starting 2']],
  ];
  tells(t, story, limits);
  t.end();
});
