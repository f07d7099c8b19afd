/** examples/init/app, from its first start to its last stop, and by hand in between. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { withoutCommand } from '../helpers/place/installed.js';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/place/ports.js';
import { room } from '../helpers/place/room.js';
import { example } from '../helpers/place/samples.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { ours } from '../helpers/running/starter.js';

const account = 'nobody';

/** Why the script cannot be run here. */
function unable(): string | false {
  if (process.getuid?.() !== 0) return 'only root runs init scripts';
  if (!existsSync('/lib/lsb/init-functions')) return 'no functions of the LSB';
  const asUser = spawnSync('setpriv', ['--reuid', account, '--clear-groups', ours.command, '--version']);
  return withoutCommand('start-stop-daemon') || (asUser.status === 0 ? false : `${account} cannot run start_server`);
}

/** The script as an administrator has it: with settings of his own. */
class Service {
  readonly cwd: string;
  readonly #script: string;

  constructor(
    t: Test,
    private readonly port: number,
    patience = 30,
  ) {
    this.cwd = room(t);
    chmodSync(this.cwd, 0o755);
    copyFileSync(example('http-worker.js'), join(this.cwd, 'worker.mjs'));
    this.program('exec node worker.mjs');
    const path = [dirname(ours.command), dirname(process.execPath), process.env['PATH']].join(delimiter);
    const settings = { PATH: path, ACCOUNT: account, DIRECTORY: this.cwd, OPTIONS: `--port=127.0.0.1:${String(port)}` };
    const places = { RUN: join(this.cwd, 'run'), LOG: join(this.cwd, 'log/app.log'), PATIENCE: String(patience) };
    const lines = Object.entries({ ...settings, ...places }).map(([name, value]) => `${name}='${value}'\n`);
    const file = join(this.cwd, 'default');
    writeFileSync(file, lines.join(''));
    this.#script = join(this.cwd, 'init');
    writeFileSync(this.#script, readFileSync(example('init/app'), 'utf8').replaceAll('/etc/default/app', file));
  }

  program(line: string): void {
    writeFileSync(join(this.cwd, 'app'), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  }

  /** The exit code of the script. */
  does(word: string): number | null {
    return spawnSync('sh', [this.#script, word], { cwd: '/', env: {}, stdio: 'ignore', timeout: 60_000 }).status;
  }

  get pid(): number {
    return Number(readFileSync(join(this.cwd, 'run/pid'), 'latin1'));
  }

  get log(): string {
    return readFileSync(join(this.cwd, 'log/app.log'), 'latin1');
  }

  async answer(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${String(this.port)}/`)).text();
  }

  /** A worker is in the status file once it is accepted. */
  async accepted(generation: number): Promise<void> {
    const file = join(this.cwd, 'run/status');
    const line = new RegExp(`^${String(generation)}:`);
    await eventually(
      `generation ${String(generation)}`,
      () => existsSync(file) && line.test(readFileSync(file, 'latin1')),
    );
  }
}

t.test('start, status, reload, restart, stop', { skip: unable() }, async (t) => {
  const service = new Service(t, await freePort());
  t.equal(service.does('status'), 3, 'it does not run yet');
  t.equal(service.does('stop'), 0, 'to stop what does not run is no mistake');
  t.equal(service.does('try-restart'), 0);
  t.equal(service.does('status'), 3, 'and starts nothing');

  t.equal(service.does('start'), 0);
  t.equal(service.does('status'), 0);
  t.match(await service.answer(), /^generation 1,/);
  const first = service.pid;
  t.match(procFile(first, 'status'), /^Uid:\t65534\t/m, 'as its own user');
  t.equal(service.does('start'), 0, 'to start what runs is no mistake');
  t.equal(service.pid, first);

  t.equal(service.does('reload'), 0);
  t.match(await service.answer(), /^generation 2,/);
  t.equal(service.does('force-reload'), 0);
  t.match(await service.answer(), /^generation 3,/);
  t.equal(service.pid, first, 'by the same start_server');

  t.equal(service.does('restart'), 0);
  t.not(service.pid, first);
  t.match(await service.answer(), /^generation 1,/);
  t.equal(service.does('stop'), 0);
  t.equal(service.does('status'), 3);
  t.match(service.log, /^exiting$/m);
});

t.test('a version that does not start', { skip: unable() }, async (t) => {
  const service = new Service(t, await freePort(), 3);
  t.equal(service.does('start'), 0);
  await service.accepted(1);
  service.program('exit 3');
  t.not(service.does('reload'), 0, 'the reload fails');
  t.match(await service.answer(), /^generation 1,/, 'the old one serves');
  t.equal(service.does('stop'), 0);
});

t.test('after a kill -9', { skip: unable() }, async (t) => {
  const service = new Service(t, await freePort());
  t.equal(service.does('start'), 0);
  await service.accepted(1);
  process.kill(service.pid, 'SIGKILL');
  await eventually('its end', () => service.does('status') === 1, { seen: () => String(service.does('status')) });
  t.equal(service.does('start'), 0);
  t.equal(service.does('status'), 0);
  t.match(await service.answer(), /^generation 1,/);
  t.equal(service.does('stop'), 0);
});

t.test('another word', { skip: unable() }, async (t) => {
  t.equal(new Service(t, await freePort()).does('fly'), 2);
});
