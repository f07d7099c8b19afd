/** A superdaemon that is killed leaves workers that serve, and files that are stale; the next start takes over by itself. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { compiled } from '../helpers/place/compile.js';
import { eventually } from '../helpers/eventually.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { failing } from '../helpers/running/first-worker.js';
import { LedgerRun } from '../helpers/reliability/ledger-run.js';
import { freePort } from '../helpers/place/ports.js';
import { probe } from '../helpers/processes/probe.js';
import { processesIn } from '../helpers/processes/processes.js';
import { RawClient } from '../helpers/connections/raw-client.js';
import { Chance, record, sized } from '../helpers/reliability/reliability.js';
import { isAlive, ours, plainEnvironment, Run } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';

const kills = sized(3, 50);

t.test(`${String(kills)} times kill -9, and each time the next start takes over`, { timeout: 0 }, async (t) => {
  const chance = new Chance(t);
  const first = await LedgerRun.start(t);
  const ledger = first.ledger(t);
  let run = first.run;
  let longest = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    // Also with a worker that was forked just now, which no status file names yet.
    if (kill % 2 === 1) run.signal('SIGHUP');
    await pause(chance.below(10));
    const left = first.workers.map(({ pid }) => pid);
    process.kill(run.pid, 'SIGKILL');
    await run.ended();
    const since = performance.now();
    run = first.startAgain(t);
    await first.until(
      'a worker of the new one alone',
      () => first.workers.length === 1 && first.orphans.length === 0 && !left.includes(first.current.pid),
    );
    await first.until('its status file', () => first.statusAgrees());
    longest = Math.max(longest, performance.now() - since);
    t.equal(first.read('disk/run/pid'), `${String(run.pid)}\n`);
  }
  const { connections, datagrams } = await ledger.settle();
  t.same(ledger.wrongs, {});
  t.same(await run.stop(), { code: 0, signal: null });
  t.same(first.workers, []);
  t.notOk(existsSync(join(first.directory, 'socket')));
  const held =
    `the next start took over within ${String(Math.round(longest))} ms, without a manual step; ` +
    `none of ${String(connections)} connections was refused or cut, and each of ${String(datagrams)} datagrams answered`;
  record({ injected: 'kill -9 of the superdaemon, with TCP, UDP and unix sockets', times: kills, held });
});

t.test('what is left serves on until then', async (t) => {
  const left = await LedgerRun.start(t);
  const { pid } = left.current;
  process.kill(left.run.pid, 'SIGKILL');
  await left.run.ended();
  for (const where of [{ port: left.port }, { path: join(left.directory, 'socket') }]) {
    const client = new RawClient(t, where);
    client.socket.write('1 1\n');
    await left.until('an answer', () => client.received.includes('1 1 1\n'));
    client.socket.destroy();
  }
  t.ok(isAlive(pid));
  t.equal(left.read('disk/run/pid'), `${String(left.run.pid)}\n`, 'a stale pid file');
  t.equal(left.read('disk/run/status'), `1:${String(pid)}\n`, 'a stale status file');
  const again = left.startAgain(t);
  await left.until('the take-over', () => left.current.pid !== pid && left.statusAgrees());
  t.match(
    again.stderr,
    `a start_server before this one was killed, taking over the sockets of its workers:${String(pid)}; they get TERM`,
  );
  t.notMatch(again.stderr, 'removing existing socket file');
  t.same(await again.stop(), { code: 0, signal: null });
});

t.test('where sockets cannot be taken over, a stop signal ends the wait for a worker that does not go', async (t) => {
  const left = await LedgerRun.start(t);
  const { pid } = left.current;
  process.kill(pid, 'SIGSTOP');
  process.kill(left.run.pid, 'SIGKILL');
  await left.run.ended();
  const again = left.startAgain(t, [compiled('refuse', ['refuse.c']), 'pidfd_getfd', '1']);
  await again.sees(/^a start_server before this one was killed/);
  t.same(await again.stop(), { code: 0, signal: null });
  t.ok(isAlive(pid));
});

t.test('a stale status file that names somebody else harms nobody', async (t) => {
  const cwd = workspace(t);
  const stranger = new Run(t, ['--interval=0', '--', 'sleep', '99']);
  await stranger.sees(/^starting new worker/);
  const [worker = NaN] = stranger.workers;
  // A worker of a superdaemon that lives, with the very generation; this process; one that does not exist.
  writeFileSync(join(cwd, 'status'), `1:${String(worker)}\n1:${String(process.pid)}\n1:4194304\n`);
  const files = ['--pid-file=pid', '--status-file=status'];
  const run = new Run(t, ['--interval=0', ...files, '--', 'sleep', '99'], { cwd });
  await run.sees(/^starting new worker/);
  t.notMatch(run.stderr, /was killed/);
  t.same(await run.stop(), { code: 0, signal: null });
  t.ok(isAlive(worker));
  t.same(await stranger.stop(), { code: 0, signal: null });
});

t.test('without a pid file nobody is told to end, and the port is in use', async (t) => {
  const left = await LedgerRun.start(t);
  const { pid } = left.current;
  process.kill(left.run.pid, 'SIGKILL');
  await left.run.ended();
  const words = [`--port=127.0.0.1:${String(left.port)}`, '--status-file=disk/run/status', '--', 'true'];
  t.match(await failing(t, words, { cwd: left.directory }), { code: 98, stderr: /failed to bind to/ });
  t.ok(isAlive(pid));
  t.match(readFileSync(join(left.directory, 'disk/run/status'), 'latin1'), `1:${String(pid)}`);
});

const noNamespace =
  spawnSync('unshare', ['--fork', '--pid', '--mount-proc', 'true']).status === 0 ? false : 'no pid namespace';

t.test(
  'orphans of the shell that starts it over and over are taken for what they are',
  { skip: noNamespace },
  async (t) => {
    const cwd = workspace(t);
    const port = `--port=127.0.0.1:${String(await freePort())}`;
    const words = ['--interval=0', port, '--pid-file=pid', '--status-file=status', '--', probe(), '-e', 'events'];
    const again = ['unshare', '--fork', '--pid', '--mount-proc', '--kill-child', 'sh', '-c', '"$@"; "$@"', 'sh'];
    const [file = '', ...rest] = [...again, ours.command, ...words];
    // Not a Run, which would take the pids of its log for those of this namespace.
    const shell = spawn(file, rest, { cwd, env: plainEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    shell.stderr.setEncoding('latin1').on('data', (text: string) => (said += text));
    t.teardown(() => processesIn(cwd).forEach((pid) => process.kill(pid, 'SIGKILL')));
    const sees = (text: string, times = 1) =>
      eventually(text, () => said.split(text).length > times, { seen: () => said });
    const signal = (name: NodeJS.Signals) =>
      processesIn(cwd)
        .filter((pid) => procFile(pid, 'cmdline').startsWith('node\0'))
        .forEach((pid) => process.kill(pid, name));
    await sees('starting new worker');
    await eventually('a status file', () => existsSync(join(cwd, 'status')));
    signal('SIGKILL');
    await sees('a start_server before this one was killed, taking over the sockets of its workers:');
    await sees('new worker is now running, sending TERM to the workers that were left:');
    await eventually('the signal', () => readFileSync(join(cwd, 'events'), 'latin1').includes('gen=1 SIG TERM'));
    signal('SIGTERM');
    await eventually('the end of the shell', () => shell.exitCode !== null, { seen: () => said });
    t.equal(shell.exitCode, 0);
  },
);
