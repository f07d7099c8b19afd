/** Lines of the superdaemon stay whole beside the output of its workers. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { FaultRun, success } from '../helpers/running/faults.js';
import { probe } from '../helpers/processes/probe.js';
import { after } from '../helpers/running/shells.js';
import { withoutStrace } from '../helpers/processes/strace.js';

/** A UDP socket, which keeps one write(2) apart from the next. */
async function writes(t: Test): Promise<{ port: number; seen: string[] }> {
  const seen: string[] = [];
  const socket = createSocket('udp4').on('message', (message) => seen.push(message.toString('latin1')));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.teardown(() => socket.close());
  return { port: socket.address().port, seen };
}

t.test('row 22: every line of the log is one write', async (t) => {
  const { port, seen } = await writes(t);
  const under = after(`exec 2>/dev/udp/127.0.0.1/${String(port)}`);
  const run = new FaultRun(t, ['--interval=0', '--', probe()], { under });
  const wrote = (text: string) => run.until(text, () => seen.join('').includes(text));
  await wrote('starting new worker');
  run.signal('SIGHUP');
  await wrote('old worker');
  t.same(await run.stop(), success);
  await wrote('exiting\n');
  t.equal(seen.length, 10);
  t.same(
    seen.filter((text) => !/^[^\n]+\n$/.test(text)),
    [],
  );
});

t.test('row 22: also in a log file', { skip: withoutStrace }, async (t) => {
  const under = ['strace', '-D', '-f', '-s', '999', '-o', 'trace', '-e', 'trace=write'];
  const run = new FaultRun(t, ['--interval=0', '--log-file=log', '--', probe()], { under });
  await run.until('the first worker', () => run.read('log').includes('starting new worker'));
  run.signal('SIGHUP');
  await run.until('the end of the old one', () => run.read('log').includes('old worker'));
  t.same(await run.stop(), success);
  const lines = run.read('log').split('\n').slice(0, -1);
  t.equal(lines.length, 9);
  await run.until('all of the trace', () => run.read('trace').includes('exiting'));
  t.same(
    lines.filter((line) => !run.read('trace').includes(`, "${line}\\n", `)),
    [],
  );
});
