import t from 'tap';
import { TimeLimit } from '../../src/system/loop/time-limit.js';

t.test('what comes in time is given', async (t) => {
  const limit = new TimeLimit(60);
  t.equal(await limit.within(Promise.resolve(5)), 5);
  t.equal(limit.isOver, false);
  limit.clear();
});

t.test('what does not is not waited for', async (t) => {
  const limit = new TimeLimit(0.01);
  t.equal(await limit.within(new Promise(() => undefined)), undefined);
  t.equal(limit.isOver, true);
});

t.test('no limit is never over', async (t) => {
  const limit = new TimeLimit(undefined);
  t.equal(await limit.within(Promise.resolve(5)), 5);
  t.equal(limit.isOver, false);
  limit.clear();
});
