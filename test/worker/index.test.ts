import t from 'tap';
import * as worker from '../../src/worker/index.js';
import { Program } from '../helpers/processes/program.js';
import { fixture } from '../helpers/place/samples.js';

t.test('what it offers, with the addon not loaded', async (t) => {
  const surface = ['ListenError', 'listen', 'ready', 'serverPorts'];
  t.same(Object.keys(worker).sort(), surface);
  const program = new Program(t, [fixture('shared-objects.js')]);
  t.same(await program.ended(), { code: 0, signal: null });
  const { offers, sharedObjects } = JSON.parse(program.output) as { offers: string[]; sharedObjects: string[] };
  // Newer versions of node add one of their own to what CommonJS exports.
  t.same(offers.filter((name) => name !== 'module.exports').sort(), surface);
  t.ok(sharedObjects.some((path) => path.includes('libc')));
  t.notOk(sharedObjects.some((path) => path.endsWith('.node')));
});
