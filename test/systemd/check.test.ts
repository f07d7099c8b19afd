/** --check under a service manager: what it hands down, and what it keeps from a command that runs before the service. */
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/place/ports.js';
import { workspace } from '../helpers/place/workspace.js';
import { withoutNamespace } from '../helpers/running/namespace-run.js';
import { Run } from '../helpers/running/starter.js';
import { answering, App, fittedExample } from '../helpers/systemd/app.js';
import { opened } from '../helpers/systemd/opened.js';
import { ManagedRun } from '../helpers/systemd/managed-run.js';
import { ServiceManager, withoutServiceManager } from '../helpers/systemd/service-manager.js';

const program = ['--', 'sleep', '99'];

t.test('sockets that are handed down are no obstacle, and one that no option names is', async (t) => {
  const tcp = opened(t, 'tcp 127.0.0.1');
  const given = [['app.socket', tcp.descriptor]] as const;
  const cwd = workspace(t);
  const named = new ManagedRun(t, ['--check', `--port=127.0.0.1:${String(tcp.port)}`, ...program], { cwd, given });
  t.same(await named.ended(), { code: 0, signal: null });
  const unnamed = new ManagedRun(t, ['--check', ...program], { cwd, given });
  t.same(await unnamed.ended(), { code: 1, signal: null });
  t.match(unnamed.stderr, /^systemd hands down a socket that no option names: "app.socket", tcp 127/);
  t.same([...named.messages, ...unnamed.messages], [], 'it is told nothing');
});

/** Process 1 of a namespace has a socket, as a socket unit has it, and runs the command beside it. */
const first = `use IO::Socket::INET; my $port = shift;
my $socket = IO::Socket::INET->new(LocalAddr => "127.0.0.1:$port", Listen => 5, ReuseAddr => 1) or die "$!";
exit(system(@ARGV) >> 8)`;

t.test('before the service the sockets of systemd are no obstacle', { skip: withoutNamespace() }, async (t) => {
  const port = String(await freePort());
  const under = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child', 'perl', '-e', first, port];
  const words = ['--check', `--port=127.0.0.1:${port}`, ...program];
  const before = new Run(t, ['--systemd', ...words], { under });
  t.same([(await before.ended()).code, before.stderr], [0, '']);
  const otherwise = new Run(t, words, { under });
  t.equal((await otherwise.ended()).code, 98);
  t.match(otherwise.stderr, /Address already in use; process 1 \("perl"\) has it/);
});

t.test('as ExecStartPre= of a unit', { skip: withoutServiceManager() }, async (t) => {
  const manager = await ServiceManager.start(t);
  const app = new App(manager);
  const port = await freePort();
  const [start = ''] = /^ExecStart=.*$/m.exec(fittedExample('app.service', port)) ?? [];
  const check = start.replace('ExecStart=', 'ExecStartPre=').replace('start_server ', 'start_server --check ');
  await manager.unit('app.service', fittedExample('app.service', port).replace(start, `${check}\n${start}`));
  t.equal((await manager.systemctl('start', 'app')).code, 0);
  t.equal((await manager.systemctl('restart', 'app')).code, 0, 'while systemd keeps the sockets');
  t.equal(await answering(port), 1);
  t.equal((await manager.systemctl('stop', 'app')).code, 0);
  app.remove();
  t.equal((await manager.systemctl('start', 'app')).code, 1);
  // While systemd tries once more, there is no result yet.
  await eventually('its result', async () => (await manager.property('app', 'Result')) === 'exit-code');
  await manager.says('the program cannot be executed: there is no "/srv/app/app"');
});
