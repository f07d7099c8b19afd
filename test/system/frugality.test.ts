/** What a superdaemon tells V8 when its first worker stands. */
import t from 'tap';
import { frugalFlags } from '../../src/system/engine/engine-memory.js';
import { callElsewhere } from '../helpers/processes/native.js';

const skip = process.platform === 'linux' ? false : 'only done on Linux';

t.test('this node knows all the flags, and takes them at run time', { skip }, async (t) => {
  for (const flag of frugalFlags) {
    t.match(await callElsewhere('setEngineFlags', [flag]), { value: true, stderr: '' }, flag);
  }
});

t.test('they arrive at V8, which would complain', { skip }, async (t) => {
  const { stderr } = await callElsewhere('setEngineFlags', ['--no-such-flag']);
  t.match(stderr, /unrecognized flag --no-such-flag/);
});
