import t from 'tap';
import { messages } from '../../src/core/loop/messages.js';
import type { Worker } from '../../src/core/loop/types.js';
import { wayToEnd } from '../helpers/decision/way-to-end.js';

const worker = (pid: number): Worker => ({ pid, generation: pid, forkedAt: 0, wayToEnd });

t.test('pids are listed in the order of their text, as the original sorts them', (t) => {
  const term = { name: 'TERM', number: 15 };
  const workers = [4, 99, 101, 103].map(worker);
  t.equal(messages.stopping('INT', term, workers), 'received INT, sending TERM to all workers:101,103,4,99');
  t.equal(messages.newWorkerRunning(term, []), 'new worker is now running, sending TERM to old workers:none');
  t.end();
});
