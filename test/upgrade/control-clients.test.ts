/** Whoever waits at the control socket is answered by the next image. */
import t from 'tap';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commanding, controlled, Talk } from '../helpers/running/control-socket.js';
import { success } from '../helpers/running/faults.js';
import { isAlive } from '../helpers/running/starter.js';
import { staying, type StatusRun } from '../helpers/running/status-run.js';
import { upgrade, withoutUpgrade } from '../helpers/running/upgrades.js';

/** For each kind of client: what it says first, so many lines are waited for then, and what it is told after an upgrade. */
const table: Record<
  string,
  {
    options?: string[];
    first: object | string;
    lines?: number;
    after: (talk: Talk, run: StatusRun) => unknown;
    told: object[];
  }
> = {
  'half a request': {
    first: '{"comm',
    after: (talk) => talk.socket.write('and":"status"}\n'),
    told: [{ ok: true, status: { state: 'running', generation: 1 } }],
  },
  'nothing yet': {
    first: '',
    after: (talk) => talk.socket.write('{"command":"status"}\n'),
    told: [{ ok: true, status: { generation: 1 } }],
  },
  'half a request, and no more is to come': {
    first: '{"command":"status"}',
    after: (talk) => talk.socket.end(),
    told: [{ ok: true, status: { generation: 1 } }],
  },
  'a follower': {
    first: { command: 'follow' },
    lines: 1,
    after: async (_, run) => {
      run.signal('SIGHUP');
      await run.sees(/^old worker \d+ died/);
      await run.stop();
    },
    told: [{ ok: true }, { event: 'spawned' }, { event: 'started' }, { event: 'retired' }],
  },
};

for (const [name, { first, lines = 0, after, told, options = [] }] of Object.entries(table))
  t.test(name, { skip: withoutUpgrade }, async (t) => {
    const run = await controlled(t, [], { options });
    const talk = new Talk(t, run.directory, first);
    if (lines > 0) await talk.line(lines);
    // Clients are accepted one after the other: when this one is answered, the one before it has been heard.
    await new Talk(t, run.directory, { command: 'status' }).all();
    await upgrade(run);
    await after(talk, run);
    const all = await talk.all();
    t.match(all.slice(0, told.length), told);
    if (isAlive(run.pid)) t.same(await run.stop(), success);
  });

t.test(
  'a restart that waits is told of failed starts, and of the one that succeeds',
  { skip: withoutUpgrade },
  async (t) => {
    const run = await controlled(t, ['-f', 'broken'], { options: ['--interval=1'] });
    writeFileSync(join(run.directory, 'broken'), '');
    const talk = new Talk(t, run.directory, { command: 'restart', progress: true });
    t.match(await talk.line(1), { progress: 'failed start', failure: { generation: 2, waitStatus: 9 << 8 } });
    await upgrade(run);
    rmSync(join(run.directory, 'broken'));
    t.match((await talk.all()).at(-1), { ok: true, worker: { pid: run.workers.at(-1) } });
    const status = await new Talk(t, run.directory, { command: 'status' }).line();
    t.match(status, { status: { lastFailure: { ending: /9/ } } }, 'the last failure is remembered');
    t.same(await run.stop(), success);
  },
);

t.test('a cancel that waits is told when the new worker has ended', { skip: withoutUpgrade }, async (t) => {
  // The worker on probation does not end because of USR2.
  const options = [...staying, '--interval=3'];
  const run = await controlled(t, [], { options });
  const restart = new Talk(t, run.directory, { command: 'restart' });
  await run.sees(/^starting new worker/, 2);
  const cancel = new Talk(t, run.directory, { command: 'cancel' });
  t.match(await restart.all(), [{ ok: false, code: 'cancelled', serves: true, exitCode: 75 }]);
  await upgrade(run);
  t.same(cancel.lines, [{ progress: 'cancelling' }]);
  run.kill(2);
  t.same((await cancel.all()).slice(1), [{ ok: true, worker: { generation: 1, pid: run.workers[0] } }]);
  t.same(await run.endKilling(1), success);
});

t.test('a stop that waits: no upgrade begins, and it is told of the end', { skip: withoutUpgrade }, async (t) => {
  const run = await controlled(t, [], { options: staying });
  const asked = commanding(t, ['--stop'], run.directory);
  await run.sees(/^received TERM/);
  const refused = commanding(t, ['--upgrade'], run.directory);
  t.same(await refused.ended(), { code: 1, signal: null });
  t.match(refused.stderr, 'start_server is about to end');
  run.kill(1);
  t.same(await asked.ended(), success);
  t.same(await run.ended(), success);
  t.notMatch(run.stderr, 'upgrade');
});

t.test('several that ask for an upgrade at the same time get the same one', { skip: withoutUpgrade }, async (t) => {
  const run = await controlled(t);
  const asked = [1, 2, 3].map(() => new Talk(t, run.directory, { command: 'upgrade' }));
  for (const talk of asked) {
    const [answer] = await talk.all();
    t.match(answer, { ok: true, upgraded: { from: { superdaemon: String }, to: { node: process.versions.node } } });
  }
  t.same(await run.stop(), success);
});

t.test('the line of both versions, and --timeout', { skip: withoutUpgrade }, async (t) => {
  const run = await controlled(t);
  const asked = commanding(t, ['--upgrade', '--timeout=60'], run.directory);
  t.same(await asked.ended(), success);
  t.match(asked.stdout, /^superdaemon \S+ on node \S+ has become superdaemon \S+ on node \S+\n$/);
  run.signal('SIGSTOP');
  const late = commanding(t, ['--upgrade', '--timeout=1'], run.directory);
  t.same(await late.ended(), { code: 124, signal: null });
  t.match(late.stderr, /^the upgrade was not over within 1 secs; /);
  run.signal('SIGCONT');
  t.same(await run.stop(), success);
});
