import t from 'tap';
import { withoutCommand } from '../helpers/place/installed.js';
import { example, fixture } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

// At TERM h2o closes kept connections with their next answer.
t.test('swaps of h2o lose no request', { skip: withoutCommand('h2o') }, async (t) => {
  await losesNothing(t, {
    onKept: 50,
    worker: ([port]) => [fixture('with-config.sh'), example('h2o/h2o.conf'), String(port), 'h2o'],
  });
});
