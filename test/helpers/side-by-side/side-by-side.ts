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

/** So often a scenario is played until the original has come to its end: it loses signals that come at a bad moment. */
const tries = 3;

async function compare(t: Test, scenario: Scenario): Promise<void> {
  const [expected, found] = await playBoth(t, scenario);
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

async function playBoth(t: Test, scenario: Scenario) {
  if (reference === undefined) throw new Error('no start_server to compare with');
  for (let left = tries; ; left -= 1) {
    const both = await Promise.allSettled([play(t, scenario, reference, ours), play(t, scenario, ours, reference)]);
    const [expected, found] = both;
    if (expected.status === 'fulfilled' || found.status === 'rejected' || left === 1) return both;
    t.comment(`the original is played again: ${String(expected.reason).slice(0, 80)}`);
  }
}

function compared(observation: Observation, { ignore = [] }: Scenario): Partial<Observation> {
  const kinds = Object.entries(observation).filter(([kind]) => !ignore.some((each) => each === kind));
  return Object.fromEntries(kinds);
}
