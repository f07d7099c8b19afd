/** --timeout, and the exit codes of --restart and --stop with what they say. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { controlMessages } from '../../src/core/text/control-messages.js';
import { commanding, controlled } from '../helpers/running/control-socket.js';
import { command, saidBy, serving } from '../helpers/running/control.js';
import { childrenOf } from '../helpers/processes/children-of.js';
import { eventually } from '../helpers/eventually.js';
import { killQuietly } from '../helpers/processes/kill-quietly.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { LoggedRun } from '../helpers/running/logged-run.js';
import { isAlive, Run } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';

t.jobs = 3; // all of them wait for a second to pass

const buffered = { buffered: true };

t.test('the failed worker and its last lines are told, and the old one serves on', buffered, async (t) => {
  const script = 'echo "hello $SERVER_STARTER_GENERATION" >&2; [ -e broken ] || exec sleep 99; seq 12; exit 7';
  const run = new LoggedRun(t, [
    ...['--control=c', '--log-file=log', '--interval=1', '--max-failures=1'],
    ...['--status-file=st', '--', 'sh', '-c', script],
  ]);
  await eventually('the first worker', () => run.has('st'), { seen: () => run.read() });
  writeFileSync(join(run.directory, 'broken'), '');
  const said = await saidBy(commanding(t, ['--restart'], run.directory));
  const [, failed = NaN] = run.workers;
  t.equal(said.code, 75);
  t.same(said.stderr.split('\n'), [
    `the restart has failed: generation 2, pid ${String(failed)}, exit code 7 (wait status 1792); ` +
      'the old worker still serves, repair the program and restart again',
    '  | hello 2',
    ...Array.from({ length: 12 }, (_, index) => `  | ${String(index + 1)}`),
    '',
  ]);
  rmSync(join(run.directory, 'broken'));
  t.same(await saidBy(commanding(t, ['--restart', '--timeout=90'], run.directory)), { code: 0, stderr: '' });
  t.same(await run.stop(), { code: 0, signal: null });
});

t.test('without --max-failures every failed start is told until the time is over', buffered, async (t) => {
  const broken = join(workspace(t), 'broken');
  const run = await controlled(t, ['-f', broken], { options: ['--interval=1'] });
  writeFileSync(broken, '');
  const { code, stderr } = await saidBy(commanding(t, ['--restart', '--timeout=5'], run.directory));
  t.equal(code, 75);
  const lines = stderr.trim().split('\n');
  t.match(
    lines[0],
    /^a new worker has failed to start: generation 2, pid \d+, exit code 9 \(wait status 2304\); another /,
  );
  t.match(lines.at(-1), /^no new worker has started well within 5 secs, the last one: generation \d, .*goes on trying/);
  await run.stop();
});

t.test('failures that are alike are told once, with their number', buffered, async (t) => {
  const serve = 'eval "echo >&$SERVER_STARTER_READY_FD"; exec sleep 99';
  const script = `[ $SERVER_STARTER_GENERATION != 1 ] || { ${serve}; }; echo "no configuration, says $$"; exit 7`;
  const options = ['--control=c', '--log-file=log', '--status-file=st', '--ready=fd', '--interval=0'];
  const run = new LoggedRun(t, [...options, '--', 'sh', '-c', script]);
  await eventually('the first worker', () => run.has('st'), { seen: () => run.read() });
  const restart = commanding(t, ['--restart', '--timeout=5'], run.directory);
  t.match(await restart.ended(), { code: 75 });
  const [first, words, count, last, ...more] = restart.lines;
  t.match(first, /^a new worker has failed to start: generation 2, pid \d+, exit code 7 /);
  t.match(words, /^ {2}\| no configuration, says \d+$/);
  t.match(count, /^the same has happened \d+ times more; /);
  t.match(last, /^no new worker has started well within 5 secs, the last one: generation \d+, /);
  t.same(more, []);
  const told = Number(/\d+/.exec(count ?? '')?.[0]) + 1;
  t.ok(told <= (run.read().match(/failed to start/g)?.length ?? 0), 'the log has each of them');
  await run.stop();
});

/** The same restart with a second for it, through the socket and through files. */
const brief = (t: Test, directory: string) => ({
  'the socket': () => saidBy(commanding(t, ['--restart', '--timeout=1'], directory)),
  files: () =>
    saidBy(new Run(t, ['--restart', '--timeout=1', '--pid-file=pid', '--status-file=st'], { cwd: directory })),
});

t.test('no new worker has taken over in time: through the socket, and through files', buffered, async (t) => {
  const script = '[ $SERVER_STARTER_GENERATION != 1 ] || eval "echo >&$SERVER_STARTER_READY_FD"; exec sleep 99';
  const options = ['--control=c', '--log-file=log', '--pid-file=pid', '--status-file=st', '--ready=fd'];
  const run = new LoggedRun(t, [...options, '--', 'sh', '-c', script]);
  await eventually('the first worker', () => run.has('st'), { seen: () => run.read() });
  const ways = Object.entries(brief(t, run.directory));
  for (const [way, said] of await Promise.all(ways.map(async ([way, restart]) => [way, await restart()] as const)))
    t.same(said, { code: 124, stderr: `${controlMessages.restartTimedOut('1')}\n` }, way);
  t.match(await run.stop(), { code: 0 });
});

t.test('old workers that have not ended in time are no failed start: the new one serves', buffered, async (t) => {
  const run = await controlled(t, ['-l', '99999']);
  for (const [way, restart] of Object.entries(brief(t, run.directory))) {
    // On a slow machine the new one is not there within that second, and another one is asked for.
    let said = await restart();
    await eventually(`a restart through ${way} that tells of old workers`, async () => {
      if (!said.stderr.includes('the new worker serves')) said = await restart();
      return said.stderr.includes('the new worker serves');
    });
    t.same(said, { code: 124, stderr: `${controlMessages.olderWorkersLeft('1')}\n` }, way);
  }
  const ended = run.stop();
  await run.sees(/received TERM/);
  for (const worker of childrenOf(run.pid)) killQuietly(worker);
  await ended;
});

t.test('--stop is bounded, too, and tells who is left', buffered, async (t) => {
  const run = await controlled(t, ['-l', '99999'], { options: ['--log-file=| cat >log'] });
  const commands = [
    commanding(t, ['--stop', '--timeout=1'], run.directory),
    new Run(t, ['--stop', '--timeout=1', '--pid-file=pid'], { cwd: run.directory }),
  ];
  const [worker = NaN] = childrenOf(run.pid).filter((pid) => procFile(pid, 'comm') === 'probe\n');
  for (const { code, stderr } of await Promise.all(commands.map(saidBy))) {
    t.equal(code, 124);
    t.ok(
      stderr.endsWith(
        `the server process has not ended within 1 secs, worker ${String(worker)} has not ended yet; ` +
          `end it by kill -KILL ${String(worker)}, or give the start --stop-timeout=SECONDS\n`,
      ),
      stderr,
    );
  }
  process.kill(worker, 'SIGKILL');
  await run.ended();
});

t.test('a --stop that takes long tells whom it waits for, and goes on waiting', buffered, async (t) => {
  const run = await controlled(t, ['-l', '99999']);
  const stop = new Run(t, ['--stop', '--pid-file=pid'], { cwd: run.directory });
  const [, pid] = await stop.sees(/^worker (\d+) has not ended yet, and is waited for; end it by kill -KILL \1, or /);
  t.equal(Number(pid), run.workers[0]);
  process.kill(Number(pid), 'SIGKILL');
  t.same(await stop.ended(), { code: 0, signal: null });
  await run.ended();
});

t.test('--stop through the socket ends when the process is gone', buffered, async (t) => {
  const run = await controlled(t, ['-l', '100']);
  t.same(await saidBy(commanding(t, ['--stop'], run.directory)), {
    code: 0,
    stderr: `stop_server (pid:OWN) stopping now (pid:${String(run.pid)})...\n`,
  });
  t.notOk(isAlive(run.pid));
  await run.ended();
});

t.test('a superdaemon that is suspended', buffered, async (t) => {
  const run = await controlled(t);
  run.signal('SIGSTOP');
  const show = await saidBy(commanding(t, ['--show-status', '--timeout=1'], run.directory));
  t.equal(show.code, 124);
  t.match(show.stderr, /^the server process has not answered within 1 secs; /);
  run.signal('SIGCONT');
  await run.stop();
});

t.test('a restart that is in time is not disturbed by a limit', buffered, async (t) => {
  const run = await serving(t);
  const limited = new Run(t, ['--restart', '--timeout=90', '--pid-file=pid', '--status-file=st'], {
    cwd: run.directory,
  });
  t.same(await saidBy(limited), { code: 0, stderr: '' });
  t.same(await saidBy(command(t, 'restart', run.directory)), { code: 0, stderr: '' });
  await run.stop();
});
