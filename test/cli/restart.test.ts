import t from 'tap';
import { probe } from '../helpers/processes/probe.js';
import { Run } from '../helpers/running/starter.js';

t.test('a HUP starts a new worker, and retires the old one when the interval is over', async (t) => {
  const run = new Run(t, ['--interval=1', '--', probe()]);
  await run.sees(/^starting new worker/);
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died/);
  t.same(await run.stop(), { code: 0, signal: null });
  t.equal(
    run.story,
    [
      'start_server (pid:S) starting now...',
      'starting new worker W1',
      'received HUP, spawning a new worker',
      'starting new worker W2',
      'new worker is now running, sending TERM to old workers:W1',
      'killing old workers',
      'old worker W1 died, status:0',
      'received TERM, sending TERM to all workers:W2',
      'worker W2 died, status:0',
      'exiting',
      '',
    ].join('\n'),
  );
});
