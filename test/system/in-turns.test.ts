/** Long looks at other processes hold nothing up. */
import t from 'tap';
import { atOnce, inTurns } from '../../src/system/processes/in-turns.js';

function* count(to: number, seen: (at: number) => void = () => undefined): Generator<undefined, number> {
  for (let at = 1; at <= to; at += 1) {
    seen(at);
    yield;
  }
  return to;
}

t.test('at once: the value', (t) => {
  t.equal(atOnce(count(1000)), 1000);
  t.equal(atOnce(count(0)), 0);
  t.end();
});

t.test('in turns: what is due meanwhile is done meanwhile', async (t) => {
  const seenBefore: number[] = [];
  let at = 0;
  const due = setInterval(() => seenBefore.push(at), 0);
  t.equal(await inTurns(count(1000, (step) => (at = step))), 1000);
  clearInterval(due);
  t.ok(new Set(seenBefore).size >= 5, [...new Set(seenBefore)].join());
});

t.test('in turns: what fails is told', async (t) => {
  const failing = count(1000, (step) => {
    if (step === 100) throw new Error('step 100');
  });
  const meanwhile = setInterval(() => undefined, 1000); // its own timers keep no process running
  await t.rejects(inTurns(failing), /step 100/);
  clearInterval(meanwhile);
});
