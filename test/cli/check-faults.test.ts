/** What keeps a server from being started is found by --check, too, and is told in the same words with the same exit code. */
import { chmodSync, closeSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { freePort } from '../helpers/place/ports.js';
import { room } from '../helpers/place/room.js';
import { cannotMount, fill, tinyDisk } from '../helpers/place/tiny-disk.js';
import { probe } from '../helpers/processes/probe.js';
import { checked, essenceOf, snapshot, startRefused } from '../helpers/running/checking.js';
import { holder } from '../helpers/running/control.js';

interface Case {
  readonly options?: readonly string[];
  readonly program?: readonly string[];
  readonly prepare?: (t: Test, cwd: string) => Promise<unknown> | undefined;
  readonly under?: readonly string[];
  readonly skip?: string | false;
}

const P = await freePort();
const [taken, takenForAll] = [await freePort(), await freePort()];
const port = (text: string) => text.replaceAll('P', String(P));
const write =
  (name: string, text = '', mode = 0o644) =>
  (_: Test, cwd: string) => {
    writeFileSync(join(cwd, name), text, { mode });
    return undefined;
  };
const directory = (name: string) => (_: Test, cwd: string) => {
  mkdirSync(join(cwd, name));
  return undefined;
};
/** Another server, on a port or at a path. */
const server = (where: number | string) => async (t: Test, cwd: string) => {
  const server = createServer((connection) => connection.destroy());
  if (typeof where === 'number') server.listen(where, '0.0.0.0');
  else server.listen(join(cwd, where));
  await once(server, 'listening');
  t.teardown(() => server.close());
};
const stale = (name: string) => (_: Test, cwd: string) => {
  const address = join(cwd, name);
  closeSync(addon.openListener({ family: 'unix', type: 'stream', address, port: 0, backlog: 1 }));
  return undefined;
};

const closedServer = async (t: Test, cwd: string) => {
  await server('s')(t, cwd);
  chmodSync(join(cwd, 's'), 0o600);
};

const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const user = { under: asNobody, skip: process.getuid?.() !== 0 && 'only root can be somebody else' };
const sticky = (t: Test, cwd: string) => {
  stale('s')(t, cwd);
  chmodSync(cwd, 0o1777);
  return undefined;
};

const cases: Readonly<Record<string, Case>> = {
  'a program that is not there': { program: ['./no-such-program'] },
  'a program in no directory of PATH': { program: ['no-such-program'] },
  'a program that is a directory': { program: ['./d'], prepare: directory('d') },
  'a program that may not be executed': { program: ['./app'], prepare: write('app', '#!/bin/sh\n') },
  'a program without its interpreter': { program: ['./app'], prepare: write('app', '#!/no/sh\n', 0o755) },
  'a program of no more than #!': { program: ['./app'], prepare: write('app', '#!', 0o755) },
  'a program with a NUL behind #!': { program: ['./app'], prepare: write('app', '#! \0\n', 0o755) },
  'an empty program': { program: [''] },
  'a program with lines as on Windows': { program: ['./app'], prepare: write('app', '#!/bin/sh\r\n', 0o755) },
  'a program that is one word with blanks': { program: ['sleep 99'] },
  'no such --dir': { options: ['--dir=no'] },
  'a --dir that is a file': { options: ['--dir=f'], prepare: write('f') },
  'a --dir that may not be entered': { options: ['--dir=d'], prepare: closedDirectory, ...user },
  'a log in no directory': { options: ['--log-file=no/log'] },
  'a log that is a directory': { options: ['--log-file=.'] },
  'a log that may not be written': { options: ['--log-file=f'], prepare: write('f'), ...user },
  'a log that is a link of links': { options: ['--log-file=l'], prepare: loop },
  'a log that is a socket': { options: ['--log-file=s'], prepare: stale('s') },
  'a logger that is not there': { options: ['--log-file=| no-such-logger'] },
  'a logger that is none': { options: ['--log-file=| '] },
  'a pid file in no directory': { options: ['--pid-file=no/pid'] },
  'a pid file below a file': { options: ['--pid-file=f/pid'], prepare: write('f') },
  'a pid file that is a directory': { options: ['--pid-file=d'], prepare: directory('d') },
  'a pid file that is none': { options: ['--pid-file=/dev/null'] },
  'a pid file that is locked': { options: ['--pid-file=pid'], prepare: (t, cwd) => holder(t, cwd, 'PID') },
  'a pid file that may not be made': { options: ['--pid-file=pid'], ...user },
  'a pid file without room': { options: ['--pid-file=disk/pid'], prepare: fullDisk, skip: cannotMount() },
  'a status file in no directory': { options: ['--status-file=no/st'] },
  'a status file that is a directory': { options: ['--status-file=d'], prepare: directory('d') },
  'a status file with a long name': { options: [`--status-file=${'x'.repeat(255)}`] },
  'a status file that may not be made': { options: ['--status-file=st'], ...user },
  'a control socket in no directory': { options: ['--control=no/c'] },
  'a control socket that is a directory': { options: ['--control=d'], prepare: directory('d') },
  'a control socket that is a file': { options: ['--control=f'], prepare: write('f') },
  'a control socket of another server': { options: ['--control=s'], prepare: server('s') },
  'a control socket of another user': { options: ['--control=s'], prepare: closedServer, ...user },
  'a control socket with a long name': { options: [`--control=${'x'.repeat(109)}`] },
  'a control socket that may not be made': { options: ['--control=c'], ...user },
  'a port that is none': { options: ['--port=http'] },
  'a port that is taken': { options: [`--port=${String(taken)}`], prepare: server(taken) },
  'a port that is taken on another address': {
    options: [`--port=127.0.0.1:${String(takenForAll)}`],
    prepare: server(takenForAll),
  },
  'a port twice': { options: [port('--port=P'), port('--port=P')] },
  'a port twice, once for all addresses': { options: [port('--port=127.0.0.1:P'), port('--port=P')] },
  'a UDP port twice': { options: [port('--port=127.0.0.1:uP'), port('--port=uP')] },
  'an IPv6 address by two names': { options: [port('--port=[::1]:P'), port('--port=[0:0:0:0:0:0:0:1]:P')] },
  'an IPv6 address, and all of them': { options: [port('--port=[::1]:P'), port('--port=[0::0]:P')] },
  'a port below 1024': { options: ['--port=80'], under: ['unshare', '--net', ...asNobody], skip: cannotMount() },
  'an address of another machine': { options: ['--port=192.0.2.1:80'] },
  'a host without an address': { options: ['--port=no-such-host.invalid:80'] },
  'a descriptor twice': { options: ['--port=0=5', '--port=0=5'] },
  'a descriptor that is too high': { options: ['--port=0=70'], under: ['prlimit', '--nofile=64:'] },
  'more sockets than files may be open': {
    options: Array.from({ length: 80 }, () => '--port=127.0.0.1:0'),
    under: ['prlimit', '--nofile=64:64'],
  },
  'a path twice': { options: ['--path=s', '--path=s'] },
  'a path by two names': { options: ['--path=s', '--path=./s'] },
  'a path by two names of its directory': {
    options: ['--path=d/s', '--path=l/s'],
    prepare: (t, cwd) => {
      symlinkSync('d', join(cwd, 'l'));
      directory('d')(t, cwd);
      return undefined;
    },
  },
  'a path that is the control socket': { options: ['--path=s', '--control=./s'] },
  'a path that is the pid file': { options: ['--path=s', '--pid-file=s'] },
  'a path that is a pid file of a run before': { options: ['--path=s', '--pid-file=s'], prepare: write('s', '1\n') },
  'a path that is the log': { options: ['--path=s', '--log-file=s'] },
  'a path to which a link leads that is the log': {
    options: ['--path=s', '--log-file=l'],
    prepare: (_, cwd) => {
      symlinkSync('s', join(cwd, 'l'));
      return undefined;
    },
  },
  'a control socket that is the pid file': { options: ['--control=c', '--pid-file=c'] },
  'a control socket that is the log': { options: ['--control=c', '--log-file=c'] },
  'a control socket that is the status file': { options: ['--control=c', '--status-file=c'] },
  'a path in no directory': { options: ['--path=no/s'] },
  'a path that is a directory': { options: ['--path=d'], prepare: directory('d') },
  'a path that is a file': { options: ['--path=f'], prepare: write('f') },
  'a path that is too long': { options: [`--path=${'x'.repeat(109)}`] },
  'a path that another server accepts on': { options: ['--path=s'], prepare: server('s') },
  'a path of another user': { options: ['--path=s'], prepare: closedServer, ...user },
  'a path that may not be made': { options: ['--path=s'], ...user },
  'a stale path of another user': { options: ['--path=s'], prepare: sticky, ...user },
  'an owner of a path that nobody is': { options: ['--path=s', '--path-owner=no-such-user'] },
  'an owner of a path that may not be given': {
    options: ['--path=s', '--path-owner=0'],
    prepare: openToAll,
    ...user,
  },
  'nobody to take over from': { options: ['--take-over=999999999', port('--port=P')] },
  'nothing to take over': {
    options: ['--take-over=pid', port('--port=P')],
    prepare: (t, cwd) => holder(t, cwd, 'PID'),
  },
  'a descriptor beyond LISTEN_FDS': { options: ['--listen-fds=named', port('--port=P=9')] },
};

function closedDirectory(_: Test, cwd: string): undefined {
  mkdirSync(join(cwd, 'd'), { mode: 0o700 });
}

function loop(_: Test, cwd: string): undefined {
  symlinkSync('l', join(cwd, 'l'));
}

function openToAll(_: Test, cwd: string): undefined {
  chmodSync(cwd, 0o777);
}

function fullDisk(t: Test, cwd: string): undefined {
  fill(tinyDisk(t, join(cwd, 'disk')));
}

t.test('a fault', { jobs: 4 }, (t) => {
  for (const [name, one] of Object.entries(cases))
    void t.test(name, { skip: one.skip ?? false }, (t) => isFound(t, one));
  t.end();
});

async function isFound(t: Test, { options = [], program = [probe()], prepare, under = [] }: Case): Promise<void> {
  const cwd = room(t);
  chmodSync(cwd, 0o755);
  await prepare?.(t, cwd);
  const words = [...options, '--', ...program];
  const before = snapshot(cwd);
  const check = await checked(t, words, { cwd, under });
  t.same(snapshot(cwd), before, 'nothing is changed');
  const start = await startRefused(t, words, { cwd, under });
  t.not(start.code, 0);
  t.equal(check.code, start.code, 'the exit code of the start');
  t.equal(check.stdout, '');
  t.equal(check.faults.length >= 1, true, 'it is told');
  const [first = ''] = check.faults;
  t.ok(
    start.lines.some((line) => line.includes(essenceOf(first))),
    `${first}\n${start.lines.join('\n')}`,
  );
}
