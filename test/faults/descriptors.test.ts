/** Fixed descriptors are put in place in the child only, so that every number works. */
import t from 'tap';
import { FaultRun, probed, success } from '../helpers/running/faults.js';
import { freePort, isFree } from '../helpers/place/ports.js';
import { probe } from '../helpers/processes/probe.js';

const [A, B] = [`127.0.0.1:${String(await freePort())}`, `127.0.0.1:${String(await freePort())}`];

for (const [what, ports] of [
  ['that the original would have given it by itself', [`${A}=4`]],
  ['that the original gives another socket', [B, `${A}=4`]],
  ['that the original would have given it behind another socket', [B, `${A}=5`]],
] as const) {
  t.test(`row 04: a fixed descriptor with the number ${what}`, async (t) => {
    const { run, dump } = await probed(
      t,
      ports.map((port) => `--port=${port}`),
    );
    const named = [...dump.fds].filter(([, { name }]) => name?.startsWith('127.0.0.1:'));
    const fixed = Number(ports.at(-1)?.split('=')[1]);
    t.same(named.find(([, { name }]) => name === A)?.[0], fixed, 'the worker has the socket at its number');
    t.same(named.map(([, { name }]) => name).sort(), ports.length === 1 ? [A] : [A, B].sort(), 'and the other one');
    t.same(await run.stop(), success);
  });
}

t.test('row 04: the same fixed descriptor twice is an error before anything is bound', async (t) => {
  const run = new FaultRun(t, [`--port=${A}=5`, `--port=${B}=5`, '--', probe()]);
  t.equal(await run.outcome(), 255);
  t.match(run.lines[1], /^descriptor 5 is asked for twice, /);
  for (const address of [A, B]) t.ok(await isFree(Number(address.split(':')[1])));
});

t.test('row 05: 2 is a number like all others', async (t) => {
  const { run, dump } = await probed(t, [`--port=${A}=2`]);
  t.equal(dump.fds.get(2)?.name, A);
  t.same(await run.stop(), success);
  t.match(run.story, /^exiting$/m, 'the superdaemon has kept its own');
});

for (const number of [1, 2]) {
  t.test(`row 05: ${String(number)} goes to the socket also when there is a log file`, async (t) => {
    const { run, dump } = await probed(t, ['--log-file=log', `--port=${A}=${String(number)}`]);
    t.equal(dump.fds.get(number)?.name, A);
    t.same(await run.stop(), success);
    t.match(run.read('log'), /^starting new worker \d+\n[^]*^exiting$/m);
  });
}

t.test('row 05: no number takes the log away', async (t) => {
  const { run, dump } = await probed(t, ['--log-file=log', `--port=${A}=4`]);
  t.equal(dump.fds.get(4)?.name, A);
  t.same(await run.stop(), success);
  t.match(run.read('log'), /^starting new worker \d+\n[^]*^exiting$/m);
});
