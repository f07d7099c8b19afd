/** Moving a live site: the sockets of servers of many kinds are taken over, and no request fails. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { living, place, takesOverUnderLoad, type Place } from '../helpers/load/take-over-run.js';
import { withoutCommand, withoutPerlModule } from '../helpers/place/installed.js';
import { example, fixture } from '../helpers/place/samples.js';
import { original, ours } from '../helpers/running/starter.js';

interface Server {
  readonly words: (place: Place) => readonly string[];
  readonly skip?: string | false;
  readonly signal?: string;
  /** As it calls its address; that of the loopback interface if nothing is said. */
  readonly host?: '';
  readonly hasPath?: true;
}

const plackup = ['plackup', '-E', 'deployment'];
const withoutStarlet = withoutPerlModule('Plack::Handler::Starlet');
const sockets = ({ port, path }: Place) => [`--port=127.0.0.1:${String(port)}`, `--path=${path}`];
const files = ['--pid-file=pid', '--status-file=st', '--interval=1'];
const perl = original()?.command ?? '';
const withoutOriginal = original() === undefined && "Perl's start_server is not installed";

const servers: Readonly<Record<string, Server>> = {
  "Perl's start_server with Starlet": {
    words: (at) => [perl, ...files, ...sockets(at), '--', ...plackup, '-s', 'Starlet', example('psgi/app.psgi')],
    skip: withoutOriginal || withoutStarlet,
    hasPath: true,
  },
  // At TERM it cuts what it is answering; this is the line of docs/workers.md.
  "Perl's start_server with Starman": {
    words: ({ port }) => [
      ...[perl, ...files, '--signal-on-hup=QUIT', '--signal-on-term=QUIT', `--port=127.0.0.1:${String(port)}`],
      ...['--', 'starman', '--workers=3', '--disable-keepalive', example('psgi/starman.psgi')],
    ],
    skip: withoutOriginal || withoutPerlModule('Plack::Handler::Starman'),
  },
  'our own start_server': {
    words: (at) => [ours.command, ...files, ...sockets(at), '--', process.execPath, example('http-worker.js')],
    hasPath: true,
  },
  'Starlet, started by plackup': {
    words: ({ port }) => [
      ...plackup,
      '-s',
      'Starlet',
      '--host=127.0.0.1',
      `--port=${String(port)}`,
      example('psgi/app.psgi'),
    ],
    skip: withoutStarlet,
  },
  'a program of node that has opened :: and a path': {
    words: ({ port, path }) => [process.execPath, fixture('bare-server.js'), String(port), path],
    host: '',
    hasPath: true,
  },
  nginx: {
    words: ({ port }) => [
      ...[fixture('with-config.sh'), example('nginx/nginx.conf'), String(port)],
      ...['nginx', '-p', '.', '-e', 'stderr', '-g', 'daemon off; pid nginx.pid;'],
    ],
    skip: withoutCommand('nginx'),
    signal: 'QUIT',
  },
  haproxy: {
    words: ({ port }) => [fixture('bare-haproxy.sh'), example('haproxy/haproxy.cfg'), String(port)],
    skip: withoutCommand('haproxy'),
    signal: 'USR1',
  },
};

for (const [name, { words, skip = false, signal, host = '127.0.0.1:', hasPath }] of Object.entries(servers)) {
  t.test(`from ${name}`, { skip }, async (t) => {
    const at = await place(t);
    const addresses = hasPath === true ? [at.port, at.path] : [at.port];
    const old = await living(words(at), at, addresses);
    const taking = [
      ...(existsSync(join(at.cwd, 'pid')) ? ['--take-over=pid', ...files] : [`--take-over=${String(old.pid)}`]),
      ...(signal === undefined ? [] : [`--take-over-signal=${signal}`]),
      ...[`--port=${host}${String(at.port)}`, ...(hasPath === true ? [`--path=${at.path}`] : [])],
      ...['--', process.execPath, example('http-worker.js')],
    ];
    const run = await takesOverUnderLoad(t, old.pid, taking, addresses, { cwd: at.cwd });
    if (taking.includes('--pid-file=pid')) {
      const both = () => ['pid', 'st'].map((file) => readFileSync(join(at.cwd, file), 'latin1'));
      const expected = [`${String(run.pid)}\n`, `1:${String(run.workers[0])}\n`];
      await eventually('the files', () => existsSync(join(at.cwd, 'st')) && both().join() === expected.join());
    }
    t.same(await run.stop(), { code: 0, signal: null });
    t.notOk(existsSync(at.path), 'the file of the socket went with it');
  });
}
