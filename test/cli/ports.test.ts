import { readFileSync } from 'node:fs';
import t from 'tap';
import { descriptors, firstWorker, sockets, variable } from '../helpers/running/first-worker.js';
import { freePort } from '../helpers/place/ports.js';

const [inet, inet6] = [2, 10];
const [stream, datagram] = [1, 2];
const P = await freePort();
const text = (template: string) => template.replace('P', String(P));

/** Value of --port, the name in SERVER_STARTER_PORT, the address the socket is bound to. P stands for a free port. */
const tcpForms: readonly (readonly [string, string, string])[] = [
  ['P', 'P', '0.0.0.0:P'],
  [' P ', 'P', '0.0.0.0:P'],
  ['\tP\n', 'P', '0.0.0.0:P'],
  ['0P', '0P', '0.0.0.0:P'],
  ['127.0.0.1:P', '127.0.0.1:P', '127.0.0.1:P'],
  ['127.0.0.1: P', '127.0.0.1:P', '127.0.0.1:P'],
  ['127.0.0.2:P', '127.0.0.2:P', '127.0.0.2:P'],
  ['localhost:P', 'localhost:P', '127.0.0.1:P'],
  ['LocalHost:P', 'LocalHost:P', '127.0.0.1:P'],
  ['[localhost]:P', 'localhost:P', '127.0.0.1:P'],
  ['[127.0.0.1]:P', '127.0.0.1:P', '127.0.0.1:P'],
  ['0:P', '0:P', '0.0.0.0:P'],
  ['127.1:P', '127.1:P', '127.0.0.1:P'],
  ['[::1]:P', '[::1]:P', '[::1]:P'],
  ['::1:P', '[::1]:P', '[::1]:P'],
  ['[::1] : P', '[::1]:P', '[::1]:P'],
  ['[::1:P', '[::1]:P', '[::1]:P'],
  ['::1]:P', '[::1]:P', '[::1]:P'],
  ['[::]:P', '[::]:P', '[::]:P'],
  [':::P', '[::]:P', '[::]:P'],
];
t.test('every form of a TCP port reaches the worker as the original has it', async (t) => {
  for (const [value, key, name] of tcpForms) {
    const { run, dump } = await firstWorker(t, [`--port=${text(value)}`]);
    t.equal(variable(dump, 'SERVER_STARTER_PORT'), text(`${key}=3`), `the variable for ${JSON.stringify(value)}`);
    const socket = dump.fds.get(3);
    t.equal(socket?.name, text(name), `the address for ${JSON.stringify(value)}`);
    const family = name.startsWith('[') ? { SO_DOMAIN: inet6, IPV6_V6ONLY: 1 } : { SO_DOMAIN: inet };
    t.match(
      socket?.options,
      { ...family, SO_TYPE: stream, SO_ACCEPTCONN: 1 },
      `the socket of ${JSON.stringify(value)}`,
    );
    await run.stop();
  }
});

const udpForms: readonly (readonly [string, string, string])[] = [
  ['uP', 'P', '0.0.0.0:P'],
  ['localhost:uP', 'localhost:P', '127.0.0.1:P'],
  ['127.0.0.1: uP ', '127.0.0.1:P', '127.0.0.1:P'],
  ['[::1]:uP', '[::1]:P', '[::1]:P'],
];
t.test('a UDP port has no mark in SERVER_STARTER_PORT', async (t) => {
  for (const [value, key, name] of udpForms) {
    const { run, dump } = await firstWorker(t, [`--port=${text(value)}`]);
    t.equal(variable(dump, 'SERVER_STARTER_PORT'), text(`${key}=3`), `the variable for ${JSON.stringify(value)}`);
    t.match(dump.fds.get(3), { name: text(name), options: { SO_TYPE: datagram, SO_ACCEPTCONN: 0 } });
    await run.stop();
  }
});

t.test('port 0 is chosen by the system and not told', async (t) => {
  for (const [value, key] of [
    ['0', '0'],
    ['00', '00'],
    ['u0', '0'],
    ['127.0.0.1:0', '127.0.0.1:0'],
  ] as const) {
    const { run, dump } = await firstWorker(t, [`--port=${value}`]);
    t.equal(variable(dump, 'SERVER_STARTER_PORT'), `${key}=3`, value);
    t.match(dump.fds.get(3)?.name, /^[0-9.]+:[1-9]\d*$/, `a real port for ${value}`);
    await run.stop();
  }
});

t.test('the sockets are blocking, without options of their own, and survive the exec', async (t) => {
  const ports = ['P', '[::1]:P', '127.0.0.1:uP'].map((value) => `--port=${text(value)}`);
  const { run, dump } = await firstWorker(t, ports);
  const plain = { SO_REUSEPORT: 0, SO_KEEPALIVE: 0, SO_BROADCAST: 0 };
  const served = { ...plain, SO_REUSEADDR: 1, TCP_NODELAY: 0, TCP_DEFER_ACCEPT: 0 };
  const blocking = { cloexec: false, nonblock: false, access: 'RDWR' };
  t.match(dump.fds.get(3), { ...blocking, options: served });
  t.match(dump.fds.get(4), { ...blocking, options: { ...served, IPV6_V6ONLY: 1 } });
  // With SO_REUSEADDR, as the original has it, a second instance takes the traffic of the first.
  t.match(dump.fds.get(5), { ...blocking, options: { ...plain, SO_REUSEADDR: 0 } });
  t.equal(dump.fds.get(6), undefined, 'and nothing else');
  await run.stop();
});

t.test('without any socket the variable is there and empty', async (t) => {
  const { run, dump } = await firstWorker(t, []);
  t.equal(variable(dump, 'SERVER_STARTER_PORT'), '');
  t.same(descriptors(dump), [0, 1, 2]);
  await run.stop();
});

const fixed: readonly (readonly [options: string, variable: string, sockets: readonly string[]])[] = [
  ['P=3', 'P=3', ['3 0.0.0.0:P']],
  ['P=5', 'P=5', ['5 0.0.0.0:P']],
  ['P=100', 'P=100', ['100 0.0.0.0:P']],
  ['P =7 ', 'P=7', ['7 0.0.0.0:P']],
  ['P=04', 'P=04', ['4 0.0.0.0:P']],
  ['P=255', 'P=255', ['255 0.0.0.0:P']],
  ['uP=9', 'P=9', ['9 0.0.0.0:P']],
  // In the original the second one closes or replaces the first.
  ['127.0.0.1:P=4 127.0.0.2:P', '127.0.0.1:P=4;127.0.0.2:P=3', ['3 127.0.0.2:P', '4 127.0.0.1:P']],
  ['127.0.0.1:P 127.0.0.2:P=3', '127.0.0.1:P=4;127.0.0.2:P=3', ['3 127.0.0.2:P', '4 127.0.0.1:P']],
  [
    '127.0.0.1:P=20 127.0.0.2:P=19 127.0.0.3:P=18',
    '127.0.0.1:P=20;127.0.0.2:P=19;127.0.0.3:P=18',
    ['18 127.0.0.3:P', '19 127.0.0.2:P', '20 127.0.0.1:P'],
  ],
];
t.test('a fixed descriptor is where it was asked for, and is told', async (t) => {
  const all = (template: string) => template.replaceAll('P', String(P));
  for (const [values, expected, descriptors] of fixed) {
    const words = values.split(/ (?=\d)/).map((value) => `--port=${all(value)}`);
    const { run, dump } = await firstWorker(t, words, { under: ['prlimit', '--nofile=256:256'] });
    t.equal(variable(dump, 'SERVER_STARTER_PORT'), all(expected), values);
    t.same(sockets(dump), descriptors.map(all), `the sockets of ${values}`);
    const numbers = Array.from(values.matchAll(/=(\d+)/g), ([, number]) => number);
    t.same(
      run.lines.filter((line) => line.includes('duplicated')),
      numbers.map((number) => `socket is duplicated to file descriptor ${String(number)}`),
    );
    await run.stop();
  }
});

t.test('a socket can be a standard descriptor of the worker, while the superdaemon keeps its own', async (t) => {
  for (const number of [0, 1, 2]) {
    const { run, dump } = await firstWorker(t, [`--port=${text('P')}=${String(number)}`]);
    t.equal(variable(dump, 'SERVER_STARTER_PORT'), text(`P=${String(number)}`));
    t.match(dump.fds.get(number), { name: text('0.0.0.0:P'), cloexec: false, options: { SO_ACCEPTCONN: 1 } });
    t.same(descriptors(dump), [0, 1, 2]);
    await run.stop();
    t.match(run.lines.at(-1), 'exiting', `the log goes on with =${String(number)}`);
  }
});

const backlogs: readonly (readonly [options: readonly string[], expected: number])[] = [
  [[], 4096],
  [['--backlog=1'], 1],
  [['--backlog=10'], 10],
  [['--backlog=0'], 4096],
  [['--backlog=-1'], 4096],
  [['--backlog=100000'], 4096],
  [['--backlog=99999999999999999999'], 4096],
];
t.test('the backlog as the kernel has it', async (t) => {
  const somaxconn = Number(readFileSync('/proc/sys/net/core/somaxconn', 'latin1'));
  for (const [options, expected] of backlogs) {
    const { run, dump } = await firstWorker(t, [...options, `--port=${text('P')}`]);
    t.equal(dump.fds.get(3)?.options['backlog'], Math.min(expected, somaxconn), options.join(' '));
    await run.stop();
  }
});
