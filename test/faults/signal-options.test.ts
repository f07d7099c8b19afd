/** A signal that does not exist is found at the start, not when workers have to be signalled. */
import t from 'tap';
import { FaultRun } from '../helpers/running/faults.js';
import { freePort, isFree } from '../helpers/place/ports.js';

for (const option of ['signal-on-hup', 'signal-on-term']) {
  for (const value of ['BOGUS', 'ZERO', '99', '-USR1', ' USR1', 'USR1 ', 'RTMIN+1']) {
    t.test(`row 11: --${option}='${value}' is an error before anything is bound`, async (t) => {
      const port = await freePort();
      const run = new FaultRun(t, [`--${option}=${value}`, `--port=${String(port)}`, '--', 'sleep', '99']);
      t.equal(await run.outcome(), 1);
      t.match(run.stderr, `unknown signal "${value}"`);
      t.ok(await isFree(port));
    });
  }
}
