import fc from 'fast-check';
import t from 'tap';
import type { Settings } from '../../src/core/loop/types.js';
import { StepWorld, type Move } from '../helpers/decision/step-world.js';

const runs = 1000;
const movesPerRun = 150;

const kinds: readonly Move['kind'][] = [
  ...(['fork', 'fork', 'fork', 'deadline', 'deadline', 'deadline', 'HUP', 'HUP', 'die', 'die'] as const),
  ...(['refuse', 'early', 'early', 'ready', 'ready', 'junk', 'settings'] as const),
  ...(['reconfigure', 'reconfigure', 'withdraw', 'cancel', 'cancel'] as const),
  ...(['USR2', 'another image', 'another image'] as const),
];
const stopKinds: readonly Move['kind'][] = ['TERM', 'INT', 'QUIT'];

const move = fc.record({ kind: fc.constantFrom(...kinds), pick: fc.nat(100_000) });
const stopMove = fc.record({ kind: fc.constantFrom(...stopKinds), pick: fc.nat() });
const seconds = (values: number[]) => fc.constantFrom(...values).map((n) => ({ text: String(n), seconds: n }));

const original = {
  interval: fc.constantFrom(0, 1, 3),
  killOldDelay: seconds([0, 2, 5, -1]),
  autoRestart: fc.option(seconds([0, 2, 360]), { nil: undefined }),
  signalOnHup: fc.constantFrom({ name: 'TERM', number: 15 }, { name: 'QUIT', number: 3 }),
  signalOnTerm: fc.constantFrom({ name: 'USR1', number: 10 }, { name: 'USR2', number: 12 }),
};
const additions = {
  readiness: fc.constantFrom('notify', 'fd'),
  startTimeout: seconds([0, 2, 10]),
  stopTimeout: seconds([0, 1, 10]),
  maxFailures: fc.constantFrom(1, 2, 5),
  maxPause: fc.constantFrom(2, 30),
  processGroup: fc.boolean(),
};
const settings: fc.Arbitrary<Settings> = fc.record(
  { ...original, ...additions },
  { requiredKeys: ['interval', 'killOldDelay', 'autoRestart', 'signalOnHup', 'signalOnTerm'] },
);
const others = fc.array(settings, { minLength: 1, maxLength: 3 });

t.test(`${String(runs)} random runs of ${String(movesPerRun)} events keep every promise of the state machine`, (t) => {
  let events = 0;
  const stories = fc.array(move, { minLength: movesPerRun, maxLength: movesPerRun, size: 'max' });
  fc.assert(
    fc.property(settings, others, stories, stopMove, stories, (chosen, candidates, before, stop, after) => {
      const world = new StepWorld(chosen, candidates);
      for (const one of [...before, stop, ...after]) {
        world.move(one);
        events += 1;
      }
      for (let left = 60; left > 0 && !world.exited; left -= 1) {
        world.move({ kind: 'refuse', pick: 0 });
        world.move({ kind: 'die', pick: left });
      }
      return world.exited;
    }),
    { numRuns: runs },
  );
  t.ok(events >= 100_000, `${String(events)} events`);
  t.end();
});
