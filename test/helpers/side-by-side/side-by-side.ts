import { availableParallelism, loadavg } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { Test } from 'tap';
import type { Observation } from './observation.js';
import { play } from './play.js';
import type { Scenario } from './scenario.js';
import { original, ours } from '../running/starter.js';

const reference = original();

/** Plays each scenario with the original and with ours at the same time, and compares what was seen. */
export function sideBySide(t: Test, scenarios: Readonly<Record<string, Scenario>>): void {
  t.jobs = 8; // most of the time is waiting
  const skip = reference === undefined && "Perl's start_server is not installed";
  for (const [name, scenario] of Object.entries(scenarios)) {
    t.test(name, { buffered: true, skip }, (t) => compare(t, scenario));
  }
}

/**
 * So often a scenario is played until the original has come to its end: it loses signals that come at a bad moment. And
 * until both were seen to do the same, where the machine has so much else to do that a look within an interval of some
 * seconds may come after it.
 */
const tries = 3;

async function compare(t: Test, scenario: Scenario): Promise<void> {
  const [expected, found] = await playUntilSeen(t, scenario);
  if (expected.status === 'rejected') throw expected.reason;
  const { todo } = scenario;
  const how = todo === undefined ? {} : { todo };
  if (found.status === 'rejected') {
    if (todo === undefined) throw found.reason;
    t.fail(String(found.reason), how);
    return;
  }
  t.same(compared(found.value, scenario), compared(expected.value, scenario), how);
}

async function playUntilSeen(t: Test, scenario: Scenario) {
  for (let left = tries; ; left -= 1) {
    const both = await playBoth(t, scenario);
    const [expected, found] = both;
    const isLost = expected.status === 'rejected' && found.status === 'fulfilled';
    if (left === 1 || !(isLost || (isBusy() && !areAlike(both, scenario)))) return both;
    t.comment(`played again: ${String(isLost ? expected.reason : 'the machine is busy').slice(0, 80)}`);
  }
}

type Outcomes = readonly [PromiseSettledResult<Observation>, PromiseSettledResult<Observation>];

function playBoth(t: Test, scenario: Scenario): Promise<Outcomes> {
  if (reference === undefined) throw new Error('no start_server to compare with');
  return Promise.allSettled([play(t, scenario, reference, ours), play(t, scenario, ours, reference)]);
}

function areAlike([expected, found]: Outcomes, scenario: Scenario): boolean {
  if (expected.status === 'rejected' || found.status === 'rejected') return false;
  return isDeepStrictEqual(compared(found.value, scenario), compared(expected.value, scenario));
}

/** Whether more than twice as many processes want to run as can. */
function isBusy(): boolean {
  const [lastMinute = 0] = loadavg();
  return lastMinute > 2 * availableParallelism();
}

function compared(observation: Observation, { ignore = [] }: Scenario): Partial<Observation> {
  const kinds = Object.entries(observation).filter(([kind]) => !ignore.some((each) => each === kind));
  return Object.fromEntries(kinds);
}
