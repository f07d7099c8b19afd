import { once } from 'node:events';
import { closeSync, constants, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon, type ListenerRequest } from '../../src/system/engine/addon.js';
import { callElsewhere, probed } from '../helpers/processes/native.js';
import type { ProbedDescriptor } from '../helpers/processes/probe.js';
import { currentUmask } from '../helpers/processes/umask.js';
import { workspace } from '../helpers/place/workspace.js';

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;

function wanted(more: Partial<ListenerRequest> = {}): ListenerRequest {
  return { family: 'inet', type: 'stream', address: '127.0.0.1', port: 0, backlog: 7, ...more };
}

/** The socket closed at the end of the test. */
function open(t: Test, more: Partial<ListenerRequest> = {}): number {
  const fd = addon.openListener(wanted(more));
  t.teardown(() => closeSync(fd));
  return fd;
}

/** The socket as the probe sees it. */
async function seen(t: Test, fd: number): Promise<ProbedDescriptor> {
  const dump = await probed(t, { fds: [[fd, 3]] });
  const descriptor = dump.fds.get(3);
  if (descriptor === undefined) throw new Error('the socket did not arrive');
  return descriptor;
}

function portOf(socket: ProbedDescriptor): number {
  return Number(socket.name?.replace(/^.*:/, ''));
}

t.test('each kind of socket has the options that the contract names, and no others', async (t) => {
  const path = join(workspace(t), 's');
  const none = { SO_REUSEPORT: 0, SO_KEEPALIVE: 0 };
  const tcp = { SO_TYPE: SOCK_STREAM, SO_ACCEPTCONN: 1, SO_REUSEADDR: 1, TCP_NODELAY: 0, TCP_DEFER_ACCEPT: 0, ...none };
  const udp = { SO_TYPE: SOCK_DGRAM, SO_ACCEPTCONN: 0, SO_REUSEADDR: 0, ...none };
  const unix = { SO_DOMAIN: AF_UNIX, SO_REUSEADDR: 0, ...none };
  const table: [Partial<ListenerRequest>, RegExp, Record<string, number>][] = [
    [{}, /^127\.0\.0\.1:\d+$/, { SO_DOMAIN: AF_INET, ...tcp, backlog: 7 }],
    [{ address: '0.0.0.0', backlog: 9 }, /^0\.0\.0\.0:\d+$/, { SO_DOMAIN: AF_INET, ...tcp, backlog: 9 }],
    [{ type: 'datagram' }, /^127\.0\.0\.1:\d+$/, { SO_DOMAIN: AF_INET, ...udp }],
    [{ family: 'inet6', address: '::1' }, /^\[::1\]:\d+$/, { SO_DOMAIN: AF_INET6, ...tcp, IPV6_V6ONLY: 1 }],
    [
      { family: 'inet6', address: '::', type: 'datagram' },
      /^\[::\]:\d+$/,
      { SO_DOMAIN: AF_INET6, ...udp, IPV6_V6ONLY: 1 },
    ],
    [{ family: 'unix', address: path }, /s$/, { ...unix, SO_TYPE: SOCK_STREAM, SO_ACCEPTCONN: 1 }],
    [
      { family: 'unix', address: `${path}d`, type: 'datagram' },
      /sd$/,
      { ...unix, SO_TYPE: SOCK_DGRAM, SO_ACCEPTCONN: 0 },
    ],
  ];
  for (const [more, name, options] of table) {
    const socket = await seen(t, open(t, more));
    t.match(socket.name, name);
    t.match(socket.options, options, JSON.stringify(more));
    t.equal(socket.nonblock, false, 'blocking');
    t.equal(socket.access, 'RDWR');
  }
});

t.test('a listener is close-on-exec in the superdaemon', (t) => {
  const [, flags = ''] = /flags:\s+(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${String(open(t))}`, 'latin1')) ?? [];
  const O_CLOEXEC = 0o2000000;
  t.equal(parseInt(flags, 8) & (O_CLOEXEC | constants.O_NONBLOCK), O_CLOEXEC);
  t.end();
});

t.test('a stream without a backlog has its address, and nobody can connect', async (t) => {
  const request = { family: 'inet', type: 'stream', address: '127.0.0.1', port: 0 } as const;
  const taken = addon.openListener(request);
  const { options } = await seen(t, taken);
  t.match(options, { SO_ACCEPTCONN: 0, SO_REUSEADDR: 1 });
  const listening = portOf(await seen(t, open(t)));
  t.throws(() => addon.openListener({ ...request, port: listening }), { code: 'EADDRINUSE', syscall: 'bind' });
  closeSync(taken);
});

t.test('one port can be had for IPv4 and for IPv6 at the same time', async (t) => {
  const port = portOf(await seen(t, open(t, { address: '0.0.0.0' })));
  t.doesNotThrow(() => open(t, { family: 'inet6', address: '::', port }));
});

t.test('a unix socket has mode 0777 under every umask, which stays what it was', (t) => {
  const directory = workspace(t);
  const before = currentUmask();
  t.teardown(() => process.umask(before));
  for (const mask of [0o000, 0o022, 0o077, 0o777]) {
    process.umask(mask);
    const address = join(directory, mask.toString(8));
    open(t, { family: 'unix', address });
    t.equal(statSync(address).mode & 0o7777, 0o777);
    t.equal(currentUmask(), mask);
  }
  t.end();
});

t.test('a unix path may fill sun_path to its last byte, and not a byte more', (t) => {
  const limit = process.platform === 'linux' ? 108 : 104;
  const directory = workspace(t);
  const name = (length: number): string => 'x'.repeat(length - directory.length - 1);
  for (const length of [limit - 2, limit - 1, limit]) {
    const address = join(directory, name(length));
    open(t, { family: 'unix', address });
    t.equal(addon.isAccepting(address), true, `${String(length)} bytes`);
  }
  t.throws(() => open(t, { family: 'unix', address: join(directory, name(limit + 1)) }), {
    code: 'ENAMETOOLONG',
    syscall: 'bind',
  });
  t.same(readdirSync(directory).sort(), [name(limit - 2), name(limit - 1), name(limit)], 'the exact names');
  t.end();
});

t.test('bytes that are not UTF-8 are kept in a path', (t) => {
  const directory = workspace(t);
  open(t, { family: 'unix', address: join(directory, '\xff\xe9') });
  t.same(readdirSync(directory, 'latin1'), ['\xff\xe9']);
  t.end();
});

t.test('a failure names its stage and leaves no descriptor behind', async (t) => {
  const directory = workspace(t);
  writeFileSync(join(directory, 'file'), '');
  const tcp = portOf(await seen(t, open(t)));
  const udp = portOf(await seen(t, open(t, { type: 'datagram' })));
  const table: [Partial<ListenerRequest>, string][] = [
    [{ port: tcp }, 'EADDRINUSE'],
    [{ type: 'datagram', port: udp }, 'EADDRINUSE'],
    [{ address: '192.0.2.1' }, 'EADDRNOTAVAIL'],
    [{ address: 'localhost' }, 'EINVAL'],
    [{ family: 'inet6', address: '127.0.0.1' }, 'EINVAL'],
    [{ family: 'unix', address: join(directory, 'file') }, 'EADDRINUSE'],
    [{ family: 'unix', address: join(directory, 'no', 's') }, 'ENOENT'],
    [{ family: 'unix', address: join(directory, 'file', 's') }, 'ENOTDIR'],
    [{ family: 'unix', address: '' }, 'ENOENT'],
  ];
  const before = readdirSync('/proc/self/fd').length;
  for (const [more, code] of table) {
    t.throws(() => addon.openListener(wanted(more)), { code, syscall: 'bind' }, JSON.stringify(more));
  }
  t.equal(readdirSync('/proc/self/fd').length, before);
});

t.test('an error is shaped like those of Node', async (t) => {
  const port = portOf(await seen(t, open(t)));
  t.throws(() => addon.openListener(wanted({ port })), {
    name: 'Error',
    message: 'EADDRINUSE: Address already in use, bind',
    code: 'EADDRINUSE',
    errno: -98,
    syscall: 'bind',
  });
});

t.test('every stage that the system refuses is named', async (t) => {
  const EPERM = 1;
  for (const syscall of ['socket', 'setsockopt', 'bind', 'listen']) {
    const { error } = await callElsewhere('openListener', [wanted()], { refuse: [syscall, EPERM] });
    t.match(error, { code: 'EPERM', errno: -EPERM, syscall });
  }
});

t.test('the file of a unix socket that cannot listen is removed again', async (t) => {
  const directory = workspace(t);
  const address = join(directory, 's');
  const refuse: [string, number] = ['listen', 98];
  const { error } = await callElsewhere('openListener', [wanted({ family: 'unix', address })], { refuse });
  t.match(error, { code: 'EADDRINUSE', syscall: 'listen' });
  t.same(readdirSync(directory), []);
});

t.test('without permission', { skip: process.getuid?.() !== 0 && 'needs root to be somebody else' }, async (t) => {
  const directory = join(workspace(t), 'mine');
  mkdirSync(directory, 0o700);
  const address = join(directory, 's');
  const { error } = await callElsewhere('openListener', [wanted({ family: 'unix', address })], { uid: 65534 });
  t.match(error, { code: 'EACCES', syscall: 'bind' });
});

t.test('the backlog of a socket that listens is changed, and what waits in its queue stays', async (t) => {
  const fd = open(t);
  const port = portOf(await seen(t, fd));
  const client = connect(port, '127.0.0.1');
  t.teardown(() => client.destroy());
  await once(client, 'connect');
  addon.setBacklog(fd, 3);
  t.equal((await seen(t, fd)).options['backlog'], 3);
  t.notOk(client.destroyed);
  t.throws(() => addon.setBacklog(open(t, { type: 'datagram' }), 3), {
    code: /^(ENOTSUP|EOPNOTSUPP)$/,
    syscall: 'listen',
  });
  t.throws(() => addon.setBacklog(fd, 0.5), TypeError);
});
