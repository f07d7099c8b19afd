/** The next start takes over from each kind of server that a kill -9 has left, whatever it has made of its environment. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ask } from '../helpers/load/ask.js';
import { eventually } from '../helpers/eventually.js';
import { withoutCommand, withoutPerlModule } from '../helpers/place/installed.js';
import { freePort } from '../helpers/place/ports.js';
import { processesBelow, room } from '../helpers/place/room.js';
import { example, fixture } from '../helpers/place/samples.js';
import { killQuietly } from '../helpers/processes/kill-quietly.js';
import { isAlive, Run } from '../helpers/running/starter.js';

interface Server {
  readonly words: (port: number) => readonly string[];
  readonly skip?: string | false;
  /** Of those that drop what they are doing at TERM. */
  readonly signal?: 'QUIT';
  /** A child that it forks at the moment of its end goes on, and holds the standard error of all. */
  readonly mayLeaveChildren?: boolean;
}

const python = ['env', 'PYTHONDONTWRITEBYTECODE=1'];
const plackup = ['plackup', '-E', 'deployment'];
const servers: Readonly<Record<string, Server>> = {
  Starlet: {
    words: () => [...plackup, '-s', 'Starlet', '--max-workers=3', example('psgi/app.psgi')],
    skip: withoutPerlModule('Plack::Handler::Starlet'),
  },
  Starman: {
    words: () => ['starman', '--workers=3', example('psgi/app.psgi')],
    skip: withoutPerlModule('Plack::Handler::Starman'),
    mayLeaveChildren: true,
  },
  Twiggy: {
    words: () => [...plackup, '-s', 'Twiggy', example('psgi/app.psgi')],
    skip: withoutPerlModule('Plack::Handler::Twiggy'),
    signal: 'QUIT',
  },
  nginx: {
    words: (port) => [fixture('with-config.sh'), example('nginx/nginx.conf'), String(port), example('nginx/run')],
    skip: withoutCommand('nginx'),
    signal: 'QUIT',
  },
  puma: {
    words: () => [example('puma/run'), '-C', example('puma/puma.rb'), fixture('config.ru')],
    skip: withoutCommand('puma'),
  },
  unicorn: {
    words: () => [example('unicorn/run'), fixture('config.ru')],
    skip: withoutCommand('unicorn'),
    signal: 'QUIT',
  },
  gunicorn: {
    words: () => [...python, example('gunicorn/run'), `--pythonpath=${fixture('.')}`, '--workers=2', 'app:wsgi'],
    skip: withoutCommand('gunicorn'),
  },
  'a program of node': { words: () => [process.execPath, example('http-worker.js')] },
  'a program with a title over its environment': { words: () => ['perl', fixture('titled.pl')] },
};

/** The process that answers. */
async function answering(port: number, run: Run): Promise<number> {
  const answer = async () => /pid (\d+)/.exec(await ask.http(port).catch(() => ''))?.[1];
  return Number(await eventually('an answer', answer, { seen: () => run.stderr }));
}

async function takesOver(t: Test, { words, signal, mayLeaveChildren = false }: Server): Promise<void> {
  const [cwd, port] = [room(t), await freePort()];
  const files = ['--pid-file=pid', '--status-file=st', '--interval=0'];
  const how = signal === undefined ? [] : [`--signal-on-hup=${signal}`, `--signal-on-term=${signal}`];
  const command = [...files, ...how, `--port=127.0.0.1:${String(port)}`, '--', ...words(port)];
  const first = new Run(t, command, { cwd });
  await answering(port, first);
  const status = () => (existsSync(join(cwd, 'st')) ? readFileSync(join(cwd, 'st'), 'latin1') : '');
  await eventually('the status file', () => status().includes(String(first.workers[0])));
  const left = processesBelow(cwd).filter((pid) => pid !== first.pid);
  first.signal('SIGKILL');
  // Its workers have its standard error, so that stays open.
  await eventually('the end of the superdaemon', () => !isAlive(first.pid));
  rmSync(join(cwd, 'generation-1'), { recursive: true, force: true });
  const second = new Run(t, command, { cwd });
  const worker = String(first.workers[0]);
  await second.sees(new RegExp(`^a start_server before .* taking over the sockets of its workers:${worker}; `));
  await second.sees(new RegExp(`^new worker is now running, sending ${signal ?? 'TERM'} to the .* left:${worker}$`));
  await eventually('the end of the old ones', () => processesBelow(cwd).every((pid) => !left.includes(pid)));
  t.notOk(left.includes(await answering(port, second)), 'a new one answers');
  second.signal('SIGTERM');
  await second.sees(/^exiting$/);
  const beside = mayLeaveChildren ? processesBelow(cwd).filter((pid) => pid !== second.pid) : [];
  for (const pid of beside) killQuietly(pid);
  t.same(await second.ended(), { code: 0, signal: null });
  await eventually('the end of all', () => processesBelow(cwd).length === 0);
}

for (const [name, server] of Object.entries(servers)) {
  t.test(`a kill -9 of the superdaemon of ${name}`, { skip: server.skip ?? false }, (t) => takesOver(t, server));
}
