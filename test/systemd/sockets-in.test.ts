/** The sockets that a service manager hands down by LISTEN_FDS: who gets which, and that they stay the manager's. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { freePort } from '../helpers/place/ports.js';
import { workspace } from '../helpers/place/workspace.js';
import { opened, socketsOf } from '../helpers/systemd/opened.js';
import { ProbeRun } from '../helpers/systemd/probe-run.js';

t.test('each is found by its address and kind, in whatever order, and what is not there is bound', async (t) => {
  const cwd = workspace(t);
  const path = join(cwd, 's');
  const [tcp, udp, unix, six] = ['tcp 127.0.0.1', 'udp 127.0.0.1', `unix ${path}`, 'tcp ::1'].map((what) =>
    opened(t, what),
  );
  const keys = [`[::1]:${String(six?.port)}`, `127.0.0.1:${String(udp?.port)}`, `127.0.0.1:${String(tcp?.port)}`];
  const own = `127.0.0.1:${String(await freePort())}`;
  const [sixth, datagrams, streams] = [keys[0] ?? '', keys[1] ?? '', keys[2] ?? ''];
  const words = [own, `${streams}=3`, datagrams.replace(/:(\d+)$/, ':u$1=5'), `${sixth}=4`];
  const given = [unix, six, tcp, udp].map((socket) => ['app.socket', socket?.descriptor ?? NaN] as const);
  const run = new ProbeRun(t, [...words.map((word) => `--port=${word}`), '--path=s'], { cwd, given });
  const { [own]: bound, ...taken } = socketsOf(await run.dump());
  t.same(taken, { [streams]: tcp?.target, [datagrams]: udp?.target, [sixth]: six?.target, s: unix?.target });
  t.match(bound, /^socket:/);
  t.same(await run.stop(), { code: 0, signal: null });
  t.ok(existsSync(path), 'the file of its socket stays');
  t.ok(addon.isAccepting(path), 'and it accepts connections');
});

t.test('one that no option names is an error that names it, and the option that would', async (t) => {
  const cwd = workspace(t);
  const path = join(cwd, 's');
  const [tcp, unix] = [opened(t, 'tcp 127.0.0.1'), opened(t, `unix ${path}`)];
  const port = String(tcp.port);
  const own = await freePort();
  for (const [socket, words, option] of [
    [tcp, `"app.socket", tcp 127.0.0.1:${port}`, `--port=127.0.0.1:${port}`],
    [unix, `"app.socket", unix socket "${path}"`, `--path=${path}`],
  ] as const) {
    const given = [['app.socket', socket.descriptor]] as const;
    const run = new ProbeRun(t, [`--port=${String(own)}`, '--pid-file=pid'], { cwd, given });
    t.same(await run.ended(), { code: 1, signal: null });
    const line = `systemd hands down a socket that no option names: ${words} (descriptor 3); give ${option}, take it out of`;
    t.ok(run.lines.at(-1)?.startsWith(line), words);
    t.ok((await run.shows(/no option/)).startsWith(line), 'systemctl status shows it, too');
    t.notOk(existsSync(join(cwd, 'pid')), 'nothing is left behind');
  }
  t.ok(addon.isAccepting(path), 'and what was handed down is as before');
});

t.test('what was handed down to another process is none of ours', async (t) => {
  const tcp = opened(t, 'tcp 127.0.0.1');
  const given = [['app.socket', tcp.descriptor]] as const;
  const run = new ProbeRun(t, [], { given, under: ['env', 'LISTEN_PID=1'] });
  t.equal((await run.dump()).fds.get(3)?.target, tcp.target, 'it is inherited as any other descriptor');
  await run.stop();
});

t.test('without --systemd they go on to workers, as in the original', async (t) => {
  const tcp = opened(t, 'tcp 127.0.0.1');
  const run = new ProbeRun(t, [], { given: [['app.socket', tcp.descriptor]], isPlain: true });
  const { environ, fds } = await run.dump();
  t.equal(fds.get(3)?.target, tcp.target);
  t.ok(environ.includes('LISTEN_FDS=1'));
  await run.stop();
});
