/** Which socket a server gets, and what is said when there is none for it. */
import { createSocket } from 'node:dgram';
import { openSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { listen, serverPorts, type ListenOptions } from '../../src/worker/index.js';
import { placeFor } from '../../src/worker/place.js';
import { givenSockets, givenVariable, type Wanted } from '../helpers/processes/given-sockets.js';
import { workspace } from '../helpers/place/workspace.js';

const server = () => createServer();
const udp = () => createSocket('udp4').unref();

t.test('the socket of the name, and of its kind where two share it', async (t) => {
  const path = join(workspace(t), 's') as `/${string}`;
  const [first, , third, fourth] = givenSockets(t, ['80', 'udp'], [path, path], ['80', 'tcp'], ['[::1]:80', 'tcp6']);
  t.same({ ...serverPorts() }, { '80': third, [path]: serverPorts()[path], '[::1]:80': fourth });
  t.match(placeFor(udp(), '80', undefined), { descriptor: first });
  const one = await listen(server(), 80);
  const other = await listen(server(), path, { port: 1 });
  const six = await listen(server(), '[::1]:80', {});
  t.equal((one.address as AddressInfo).address, '127.0.0.1');
  t.equal(other.address, path);
  t.equal((six.address as AddressInfo).address, '::1');
  await Promise.all([one.close(), other.close(), six.close()]);
});

t.test('the only one without a name', async (t) => {
  givenSockets(t, ['80', 'tcp']);
  await (await listen(server())).close();
  givenSockets(t, ['80', 'tcp'], ['80', 'udp']);
  const both = [await listen(server(), { port: 1 }), await listen(udp(), undefined, { port: 1 })];
  for (const listening of both) await listening.close();
});

t.test('by itself without start_server', async (t) => {
  givenVariable(t, undefined);
  const path = join(workspace(t), 's');
  const own = [
    await listen(server(), 'any name', { port: 0, host: '127.0.0.1' }),
    await listen(server(), { path }),
    await listen(udp(), 8080, { port: 0, host: '127.0.0.1' }),
  ];
  t.match(own[0]?.address, { address: '127.0.0.1', family: 'IPv4' });
  t.equal(own[1]?.address, path);
  t.match(own[2]?.address, { address: '127.0.0.1', family: 'IPv4' });
  for (const listening of own) await listening.close();
});

interface Refused {
  readonly sockets?: readonly (readonly [string, Wanted])[];
  readonly variable?: string;
  readonly server?: () => ReturnType<typeof server> | ReturnType<typeof udp>;
  readonly key?: string | number;
  readonly options?: ListenOptions;
  readonly code: string;
  readonly message: RegExp;
}

const refused: Record<string, Refused> = {
  'without start_server': {
    code: 'ERR_NO_START_SERVER',
    message:
      /^there is no SERVER_STARTER_PORT in the environment; start .*; or give listen\(\) a port or path to use without it$/,
  },
  'a path for datagrams': {
    server: udp,
    options: { path: '/tmp/s' },
    code: 'ERR_LISTEN_OPTION',
    message: /^path is "\/tmp\/s", but node:dgram has no unix sockets; give a port$/,
  },
  'a port that is none': {
    server: udp,
    options: { port: Number('x') },
    code: 'ERR_LISTEN_OPTION',
    message: /^port is NaN; give a number from 0 to 65535$/,
  },
  'a malformed variable': {
    variable: '8080',
    options: { port: 8080 },
    code: 'ERR_SERVER_STARTER_PORT',
    message: /^SERVER_STARTER_PORT is "8080", in which "8080" is not a name/,
  },
  'no socket at all': {
    variable: '',
    options: { port: 1 },
    code: 'ERR_UNKNOWN_SOCKET',
    message: /give it a --port or/,
  },
  'an unknown name': {
    sockets: [['127.0.0.1:80', 'tcp']],
    key: 80,
    code: 'ERR_UNKNOWN_SOCKET',
    message: /^no socket is called "80"; name one as it is written .*, here: "127\.0\.0\.1:80"$/,
  },
  'no name, two sockets': {
    variable: '80=3;81=4',
    code: 'ERR_AMBIGUOUS_SOCKET',
    message: /say which one you want: "80", "81"$/,
  },
  'datagrams for a stream': {
    sockets: [['80', 'udp']],
    code: 'ERR_UNFIT_SOCKET',
    message:
      /^cannot use the socket called "80", descriptor \d+: it takes datagrams, and only a socket of node:dgram does; /,
  },
  'a stream for datagrams': {
    sockets: [['80', 'tcp']],
    server: udp,
    code: 'ERR_UNFIT_SOCKET',
    message: /: it takes connections, and a socket of node:dgram does not; put u before its port in --port$/,
  },
  'a descriptor that is closed': {
    variable: '80=987',
    code: 'ERR_UNFIT_SOCKET',
    message: /"80", descriptor 987: that descriptor is no listening socket in this process; .*npm.*start node itself/,
  },
  'a descriptor of something else': {
    variable: `80=${String(openSync('/dev/null', 'w'))}`,
    server: udp,
    code: 'ERR_UNFIT_SOCKET',
    message: /is no listening socket/,
  },
};

for (const [name, { code, message, ...how }] of Object.entries(refused)) {
  t.test(`refused: ${name}`, (t) => isRefused(t, how, { code, message }));
}

t.test('what node says is said', async (t) => {
  givenVariable(t, undefined);
  const taken = await listen(server(), { port: 0, host: '127.0.0.1' });
  const { port } = taken.address as AddressInfo;
  const another = server();
  await t.rejects(listen(another, { port, host: '127.0.0.1' }), { code: 'EADDRINUSE' });
  t.same([another.listenerCount('error'), another.listenerCount('listening')], [0, 0]);
  await taken.close();
});

async function isRefused(
  t: Test,
  how: Omit<Refused, 'code' | 'message'>,
  expected: { code: string; message: RegExp },
): Promise<void> {
  if (how.sockets === undefined) givenVariable(t, how.variable);
  else givenSockets(t, ...how.sockets);
  await t.rejects(listen((how.server ?? server)(), how.key, how.options), expected);
}
