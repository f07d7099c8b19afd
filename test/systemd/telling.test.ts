/** What a service manager hears, from a start_server that runs, by the protocol of Type=notify-reload. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { ManagedRun } from '../helpers/systemd/managed-run.js';
import { ProbeRun } from '../helpers/systemd/probe-run.js';
import { workspace } from '../helpers/place/workspace.js';

t.test('a start, two reloads and the end', async (t) => {
  const run = new ProbeRun(t);
  await run.reaches('active');
  t.match(await run.shows(/serves/), `worker ${String(run.workers[0])} (generation 1) serves since 20`);
  for (const generation of [2, 3]) {
    await run.reload();
    t.match(run.status, `worker ${String(run.workers.at(-1))} (generation ${String(generation)}) serves`);
  }
  t.same(await run.stop(), { code: 0, signal: null });
  await run.reaches('stopping');
  t.same(run.states, ['READY=1', 'RELOADING=1', 'READY=1', 'RELOADING=1', 'READY=1', 'STOPPING=1']);
  t.equal(run.status, 'ended');
  t.same(run.rejected, []);
});

t.test('HUPs that come together are one restart, and one pair', async (t) => {
  const run = new ProbeRun(t);
  await run.reaches('active');
  for (let count = 0; count < 20; count += 1) run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died/);
  await run.stop();
  await run.reaches('stopping');
  const count = (state: string) => run.states.filter((each) => each === state).length;
  t.equal(count('RELOADING=1'), run.workers.length - 1);
  t.equal(count('READY=1'), run.workers.length);
  t.ok(run.workers.length < 20);
});

t.test('a restart that fails says so, the service stays active, and the next one takes it back', async (t) => {
  const run = new ProbeRun(t, ['--max-failures=1', '--interval=1']);
  await run.reaches('active');
  run.break();
  await run.reload();
  t.match(
    run.status,
    /^worker \d+ \(generation 1\) serves .*; the last restart has failed; last failure: generation 2, pid \d+, exit code 9 \(wait status 2304\), at 20/,
  );
  t.equal(run.errno, 10);
  run.repair();
  await run.reload();
  t.match(run.status, /^worker \d+ \(generation 3\) serves/);
  t.notMatch(run.status, /the last restart/);
  t.equal(run.errno, 0);
});

t.test('a start that fails is told, and what ends the service', async (t) => {
  const cwd = workspace(t);
  writeFileSync(join(cwd, 'broken'), '');
  const run = new ProbeRun(t, ['--max-failures=2', '--interval=1'], { cwd });
  t.match(
    await run.shows(/another start/),
    /^nothing serves; another start follows, 1 start has failed in a row; last fai/,
  );
  t.same(await run.ended(), { code: 69, signal: null });
  t.match(await run.shows(/gave up/), /^gave up, 2 starts have failed in a row; last failure: generation 2, /);
  t.same(run.states, ['STOPPING=1']);
});

t.test(
  'words of workers are passed on, and their wish for time',
  { skip: withoutCommand('systemd-notify') },
  async (t) => {
    const script = 'systemd-notify --status="40 %" EXTEND_TIMEOUT_USEC=70000000; systemd-notify --ready; exec sleep 60';
    const run = new ManagedRun(t, ['--ready=notify', '--', 'sh', '-c', script]);
    await run.reaches('active');
    t.match(
      run.messages.join('\n'),
      /^STATUS=nothing serves; worker \d+ \(generation 1\) is starting, it says: 40 %$/m,
    );
    t.match(run.messages.join('\n'), /^EXTEND_TIMEOUT_USEC=75000000$/m);
    t.match(run.status, /serves since .*, it says: 40 %$/);
    t.same(run.rejected, [], 'it speaks to start_server alone');
  },
);

t.test('a start that is refused says why', async (t) => {
  const run = new ProbeRun(t, ['--path=/nowhere/s']);
  t.same(await run.ended(), { code: 2, signal: null });
  t.match(await run.shows(/./), /^failed to listen to file \/nowhere\/s:No such file or directory; /);
  t.same(run.states, []);
});

t.test('another process that systemd takes for the main one is told of this one', async (t) => {
  const run = new ProbeRun(t, [], { under: ['sh', '-c', '"$@" & wait', 'sh'] });
  const [, own = ''] = await run.sees(/^start_server \(pid:(\d+)\)/);
  await eventually('a message', () => run.rejected.includes(`MAINPID=${own}`));
  process.kill(Number(own), 'SIGTERM');
  await run.ended();
});

t.test('a manager that does not read keeps nothing from being done, and hears all in its order later', async (t) => {
  const run = new ProbeRun(t);
  await run.reaches('active');
  run.fill();
  for (const times of [1, 2]) {
    run.signal('SIGHUP');
    await run.sees(/^old worker \d+ died/, times);
  }
  run.isDeaf = false;
  t.match(await run.shows(/generation 3/), /serves/);
  t.same(run.states, ['READY=1', 'RELOADING=1', 'READY=1', 'RELOADING=1', 'READY=1']);
  run.fill();
  t.same(await run.stop(), { code: 0, signal: null });
});

t.test('where nobody listens, one line says so', async (t) => {
  const run = new ProbeRun(t, [], { env: { NOTIFY_SOCKET: '/nowhere/notify' } });
  await run.sees(/^warning: systemd cannot be told .* "\/nowhere\/notify": No such file or directory; /);
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died/);
  t.same(await run.stop(), { code: 0, signal: null });
  t.equal(run.stderr.match(/^warning/gm)?.length, 1);
});

t.test('workers get nothing of what is between systemd and start_server', async (t) => {
  const meant = /^(?:NOTIFY_SOCKET|WATCHDOG_|LISTEN_|SYSTEMD_EXEC_PID)/;
  const told = { watchdog: 60, env: { LISTEN_FDS: '0', FDSTORE: '5' } };
  t.same(
    (await new ProbeRun(t, [], told).dump()).environ.filter((entry) => meant.test(entry)),
    [],
  );
  const plain = new ProbeRun(t, [], { ...told, isPlain: true });
  const names = (await plain.dump()).environ
    .filter((entry) => meant.test(entry))
    .map((entry) => entry.replace(/=.*/, ''));
  const all = ['LISTEN_FDS', 'LISTEN_PID', 'NOTIFY_SOCKET', 'SYSTEMD_EXEC_PID', 'WATCHDOG_PID', 'WATCHDOG_USEC'];
  t.same(names.sort(), all, 'without --systemd all of it goes on, as in the original');
  await plain.stop();
  t.same(plain.messages, []);
});
