/** What a superdaemon answers when the time is over is heard all the same: here the test itself answers, when it wants to. */
import t from 'tap';
import { controlMessages } from '../../src/core/text/control-messages.js';
import { victim } from '../helpers/running/control.js';
import { controlDouble, type Client } from '../helpers/running/control-double.js';
import { commanding } from '../helpers/running/control-socket.js';
import { success } from '../helpers/running/faults.js';
import { isAlive } from '../helpers/running/starter.js';
import { room } from '../helpers/place/room.js';

t.jobs = 4;

/** So that nobody looks for what the test itself has started. */
const untold = { ok: false, code: 'failed', error: 'not told' };
const ended = { ok: true, pid: process.pid };
const stopping = { progress: 'stopping', pid: process.pid };

const failedStart = (generation: number) => ({
  progress: 'failed start',
  failure: { generation, ending: 'exit code 9' },
});
const started = (generation: number) => ({ progress: 'started', worker: { generation, pid: process.pid } });

/** A pause that a slow machine may prolong. */
const meanwhile = 300;

t.test('an end that comes while it is asked who is to be killed', async (t) => {
  const cwd = room(t);
  let stop: Client | undefined;
  await controlDouble(t, cwd, (command, client) => {
    if (command === 'stop') (stop = client).say(stopping);
    else {
      stop?.end(ended);
      client.end(untold);
    }
  });
  const run = commanding(t, ['--stop', '--force', '--timeout=5'], cwd);
  t.same(await run.ended(), success, run.stderr);
});

t.test('a refusal that comes when the time is over', async (t) => {
  const cwd = room(t);
  await controlDouble(t, cwd, (command, client) => {
    if (command !== 'stop') client.end(untold);
    else
      setTimeout(() => {
        client.end({ ok: false, code: 'denied', error: 'you may not' });
      }, meanwhile);
  });
  const run = commanding(t, ['--stop', '--force'], cwd);
  t.same(await run.ended(), { code: 13, signal: null });
  t.equal(run.stderr, 'you may not\n');
});

t.test('nobody is killed before the superdaemon knows that it has to end', async (t) => {
  const cwd = room(t);
  const worker = victim(t);
  let stop: Client | undefined;
  let isTold = false;
  await controlDouble(t, cwd, (command, client) => {
    if (command === 'stop') {
      stop = client;
      setTimeout(() => {
        isTold = true;
        client.say(stopping);
      }, meanwhile);
    } else if (stop === undefined) client.end(untold);
    else {
      t.ok(isTold, 'who is left is asked for later');
      client.end({
        ok: true,
        status: { pid: process.pid, generation: 1, workers: [{ generation: 1, pid: worker, state: 'ending' }] },
      });
      setTimeout(() => stop?.end(ended), meanwhile);
    }
  });
  const run = commanding(t, ['--stop', '--force'], cwd);
  t.same(await run.ended(), success, run.stderr);
  const said = [
    `stop_server (pid:${String(run.pid)}) stopping now (pid:${String(process.pid)})...`,
    `killing what has not ended: ${String(worker)}; what it was answering is cut off`,
  ];
  t.same(run.stderr.trimEnd().split('\n'), said);
  t.notOk(isAlive(worker));
});

/** What a restart is told before its time is over, and what it says then. */
const told = {
  'the new worker serves, which no failure of an earlier one denies': [
    [failedStart(2), started(3)],
    [124, controlMessages.olderWorkersLeft('1')],
  ],
  'the new worker serves, which no failure of a later one denies': [
    [started(2), failedStart(3)],
    [124, controlMessages.olderWorkersLeft('1')],
  ],
  'the new worker has started and then failed': [
    [started(2), failedStart(2)],
    [75, controlMessages.failedUntilTimeout('1', 'generation 2, exit code 9')],
  ],
} as const;
for (const [what, [answers, [code, said]]] of Object.entries(told)) {
  t.test(`the time of a restart is over: ${what}`, async (t) => {
    const cwd = room(t);
    await controlDouble(t, cwd, (command, client) => {
      if (command === 'restart') client.say(...answers);
      else client.end(untold);
    });
    const run = commanding(t, ['--restart', '--timeout=1'], cwd);
    t.match(await run.ended(), { code }, run.stderr);
    t.equal(run.lines.at(-1), said);
  });
}

t.test('it returns when the connection is closed, not before', async (t) => {
  const cwd = room(t);
  let isClosed = false;
  await controlDouble(t, cwd, (command, client) => {
    if (command !== 'stop') {
      client.end(untold);
      return;
    }
    client.say(stopping, ended, stopping);
    setTimeout(() => {
      isClosed = true;
      client.end(stopping);
    }, meanwhile);
  });
  const run = commanding(t, ['--stop', '--force'], cwd);
  t.same(await run.ended(), success, run.stderr);
  t.ok(isClosed);
});
