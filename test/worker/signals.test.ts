/** Which signals mean the end, to one handler for all servers. A signal that this process survives stands for TERM. */
import { createServer } from 'node:http';
import t, { type Test } from 'tap';
import { listen, type ListenOptions } from '../../src/worker/index.js';
import { eventually } from '../helpers/eventually.js';

const signal = 'SIGWINCH';

t.test('one handler for all servers, gone with the last of them', async (t) => {
  const before = process.listenerCount(signal);
  const interrupts = process.listenerCount('SIGINT');
  const one = await start(t, { retireSignal: signal });
  const other = await start(t, { retireSignal: ['SIGWINCH', 'SIGURG'] });
  t.equal(process.listenerCount(signal), before + 1);
  await one.close();
  t.equal(process.listenerCount(signal), before + 1);
  await other.close();
  t.equal(process.listenerCount(signal), before);
  t.equal(process.listenerCount('SIGURG'), 0);
  t.equal(process.listenerCount('SIGINT'), interrupts);
});

t.test('a signal ends those that wait for it', async (t) => {
  const one = await start(t, { retireSignal: ['SIGURG', 'SIGIO'] });
  const other = await start(t, { retireSignal: 'SIGIO' });
  let isRetired = false;
  void other.retired.then(() => (isRetired = true));
  process.kill(process.pid, 'SIGURG');
  await one.closed;
  t.notOk(isRetired);
  await other.close();
});

t.test('a server that listens after the signal is told at once', async (t) => {
  const one = await start(t, { retireSignal: signal });
  process.kill(process.pid, signal);
  await one.closed;
  const late = await start(t, { retireSignal: signal });
  await eventually('its end', () => late.closed.then(() => true));
});

async function start(t: Test, options: ListenOptions) {
  const listening = await listen(createServer(), { port: 0, host: '127.0.0.1', ...options });
  t.teardown(() => listening.close());
  return listening;
}
