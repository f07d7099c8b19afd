/** Programs that know systemd's sockets and nothing of start_server serve as they are, with --listen-fds. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { losesNothing, swapUnderLoad, type Swaps } from '../helpers/load/swaps.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { example, fixture } from '../helpers/place/samples.js';
import { workspace } from '../helpers/place/workspace.js';

const hups = 3;
const listenFds = '--listen-fds=named';

async function serves(t: Test, worker: Swaps['worker'], ...options: readonly string[]): Promise<void> {
  await losesNothing(t, { worker, hups, options: [listenFds, ...options], sockets: ['port', 'path'] });
}

t.test('puma', { skip: withoutCommand('puma') }, async (t) => {
  await serves(t, ['puma', '--bind-to-activated-sockets=only', '-C', example('puma/puma.rb'), fixture('config.ru')]);
});

t.test('gunicorn', { skip: withoutCommand('gunicorn') }, async (t) => {
  const python = ['env', 'PYTHONDONTWRITEBYTECODE=1'];
  await serves(t, [...python, 'gunicorn', `--pythonpath=${fixture('.')}`, '--workers=4', 'app:wsgi']);
});

t.test('unicorn', { skip: withoutCommand('unicorn') }, async (t) => {
  await serves(t, ['unicorn', fixture('config.ru')], '--signal-on-hup=QUIT', '--signal-on-term=QUIT');
});

const plugin = existsSync('/usr/lib/uwsgi/plugins/psgi_plugin.so') ? false : "uwsgi's psgi plugin is not installed";

// test/servers/uwsgi.test.ts tells why a request may be reset.
t.test('uwsgi', { skip: withoutCommand('uwsgi') || plugin }, async (t) => {
  const ending = ['--hook-master-start=unix_signal:15 gracefully_kill_them_all', '--add-header=Connection: close'];
  const uwsgi = ['--master', '--processes=4', '--plugin=psgi', `--psgi=${example('psgi/app.psgi')}`, '--protocol=http'];
  const worker = ['uwsgi', ...uwsgi, ...ending];
  const report = await swapUnderLoad(t, { worker, hups, options: [listenFds], sockets: ['port', 'path'] });
  const { ECONNRESET: reset = 0, ...others } = report.failures;
  t.same(others, {});
  t.ok(reset <= hups * 4, 'at most one of each process');
  t.equal(report.addresses.size, 2);
});

t.test('a Go program', { skip: withoutCommand('go') }, async (t) => {
  const directory = workspace(t);
  const worker = join(directory, 'worker');
  const env = { PATH: process.env['PATH'], HOME: directory, GOTOOLCHAIN: 'local', GOPROXY: 'off' };
  execFileSync('go', ['build', '-o', worker, example('go-listen-fds/worker.go')], {
    cwd: directory,
    env,
    stdio: 'pipe',
  });
  await serves(t, [worker]);
});
