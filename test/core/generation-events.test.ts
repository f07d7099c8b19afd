import t, { type Test } from 'tap';
import { generationEvents, type GenerationEvent } from '../../src/core/loop/generation-events.js';
import { initialState } from '../../src/core/loop/state.js';
import { step } from '../../src/core/loop/step.js';
import type { Event, Settings } from '../../src/core/loop/types.js';

const term = { name: 'TERM', number: 15 };
const original: Settings = {
  interval: 1,
  killOldDelay: { text: '0', seconds: 0 },
  autoRestart: undefined,
  signalOnHup: { name: 'USR1', number: 10 },
  signalOnTerm: term,
};

/** The events of a run, each with what it tells. */
type Story = readonly [event: Event, happened: readonly string[]][];

function tells(t: Test, story: Story, settings: Settings = original): void {
  let state = initialState(0);
  const told = story.map(([event]) => {
    const decision = step(state, event, settings);
    const happened = generationEvents(state, event, decision);
    state = decision.state;
    return happened.map(shown);
  });
  t.same(
    told,
    story.map(([, happened]) => happened),
  );
}

function shown({ type, worker, ...rest }: GenerationEvent): string {
  return [type, worker.generation, worker.pid, ...Object.values(rest)].join(' ');
}

t.test('a restart, a death and the end', (t) => {
  const story: Story = [
    [{ type: 'deadline', now: 0 }, []],
    [{ type: 'forked', pid: 101, now: 0 }, ['spawned 1 101']],
    [{ type: 'deadline', now: 1000 }, ['started 1 101']],
    [{ type: 'signal', signal: 'HUP', now: 2000 }, []],
    [{ type: 'forked', pid: 102, now: 2000 }, ['spawned 2 102']],
    [{ type: 'deadline', now: 3000 }, ['started 2 102', 'retired 1 101 10']],
    [{ type: 'died', pid: 101, status: 0, now: 3100 }, ['died 1 101 0']],
    [{ type: 'died', pid: 102, status: 9, now: 4000 }, ['died 2 102 9']],
    [{ type: 'forked', pid: 103, now: 4000 }, ['spawned 3 103']],
    [{ type: 'signal', signal: 'TERM', now: 4100 }, ['retired 3 103 15']],
    [{ type: 'died', pid: 103, status: 15, now: 4200 }, ['died 3 103 15']],
  ];
  tells(t, story);
  t.end();
});

t.test('starts that fail, and strangers', (t) => {
  const story: Story = [
    [{ type: 'deadline', now: 0 }, []],
    [{ type: 'fork failed', reason: 'no', now: 0 }, []],
    [{ type: 'deadline', now: 1000 }, []],
    [{ type: 'forked', pid: 101, now: 1000 }, ['spawned 2 101']],
    [{ type: 'died', pid: 99, status: 0, now: 1100 }, []],
    [{ type: 'died', pid: 101, status: 256, now: 1200 }, ['failed 2 101 256']],
  ];
  tells(t, story);
  t.end();
});

t.test('a restart that is given up: the old worker has started long ago', (t) => {
  const story: Story = [
    [{ type: 'deadline', now: 0 }, []],
    [{ type: 'forked', pid: 101, now: 0 }, ['spawned 1 101']],
    [{ type: 'deadline', now: 1000 }, ['started 1 101']],
    [{ type: 'signal', signal: 'HUP', now: 1000 }, []],
    [{ type: 'forked', pid: 102, now: 1000 }, ['spawned 2 102']],
    [{ type: 'deadline', now: 2000 }, ['started 2 102']],
    [{ type: 'died', pid: 102, status: 9, now: 2100 }, ['died 2 102 9']],
    [{ type: 'forked', pid: 103, now: 2100 }, ['spawned 3 103']],
    [{ type: 'died', pid: 103, status: 9, now: 2200 }, ['failed 3 103 9']],
  ];
  const settings = { ...original, maxFailures: 1, killOldDelay: { text: '5', seconds: 5 } };
  tells(t, story, settings);
  t.end();
});
