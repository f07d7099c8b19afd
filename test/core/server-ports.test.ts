import fc from 'fast-check';
import t from 'tap';
import {
  assignDescriptors,
  parsePathSpec,
  parsePortSpec,
  serverStarterPort,
} from '../../src/core/command-line/port-spec.js';
import { parseServerPorts, portsByKey, socketsCalled, type GivenSocket } from '../../src/core/workers/server-ports.js';

/** `key=descriptor` of each, or code and message. */
function read(variable: string | undefined): string {
  const sockets = parseServerPorts(variable);
  return sockets.ok ? shown(sockets.value) : `${sockets.error.code} ${sockets.error.message}`;
}

function shown(sockets: readonly GivenSocket[]): string {
  return sockets.map(({ key, descriptor }) => `${key} is ${String(descriptor)}`).join(', ');
}

const readable: readonly (readonly [string, string])[] = [
  ['', ''],
  ['8080=3', '8080 is 3'],
  ['8080=3;/tmp/app.sock=4', '8080 is 3, /tmp/app.sock is 4'],
  ['[::1]:8080=3;[::1]:8080=4', '[::1]:8080 is 3, [::1]:8080 is 4'],
  ['8080=04;8081=0', '8080 is 4, 8081 is 0'],
  [';8080=3;;8081=4;', '8080 is 3, 8081 is 4'],
  ['a=b=3', 'a=b is 3'],
  ['two\nlines=3', 'two\nlines is 3'],
  ['x=2147483647', 'x is 2147483647'],
];
const malformed = [
  '8080',
  '=3',
  '8080=',
  '8080=x',
  '8080=-1',
  '8080= 3',
  '8080=3 ',
  '8080=3.0',
  'x=2147483648',
  'a=\u0663',
];

t.test('what a worker reads in SERVER_STARTER_PORT', (t) => {
  for (const [variable, expected] of readable) t.equal(read(variable), expected);
  for (const entry of malformed) {
    const said = read(`80=3;${entry}`);
    t.match(said, /^ERR_SERVER_STARTER_PORT SERVER_STARTER_PORT is "80=3;/, entry);
    t.ok(said.includes(`in which "${entry}" is not a name, "="`), said);
  }
  t.match(
    read(undefined),
    /^ERR_NO_START_SERVER there is no SERVER_STARTER_PORT in the environment; start this program/,
  );
  t.end();
});

t.test('it is what start_server has written, whatever the names', (t) => {
  const byte = fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code));
  const path = fc.string({ unit: byte, minLength: 1, maxLength: 108 }).filter((text) => !/[;=]/.test(text));
  const host = fc.oneof(
    fc.ipV4(),
    fc.ipV6().map((address) => `[${address}]`),
  );
  const port = fc.tuple(fc.option(host), fc.constantFrom('', 'u'), fc.nat(65_535), fc.option(fc.nat(900)));
  const spec = fc.oneof(
    path.map((text) => parsePathSpec(text, 108)),
    port.map(([host, udp, port, fixed]) =>
      parsePortSpec(
        `${host === null ? '' : `${host}:`}${udp}${String(port)}${fixed === null ? '' : `=0${String(fixed)}`}`,
      ),
    ),
  );
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(spec, { maxLength: 6 }), fc.uniqueArray(fc.nat(20)), (parsed, taken) => {
        const specs = parsed.flatMap((one) => (one.ok ? [one.value] : []));
        if (specs.length < parsed.length) return false;
        const assigned = assignDescriptors(specs, new Set(taken));
        const sockets = parseServerPorts(serverStarterPort(assigned));
        const expected = assigned.map(({ spec: { key }, number }) => ({ key, descriptor: number }));
        return sockets.ok && JSON.stringify(sockets.value) === JSON.stringify(expected);
      }),
    ),
  );
  t.end();
});

t.test('by name, the last of the same name counts, and no name is taken by a prototype', (t) => {
  const sockets = parseServerPorts('8080=3;constructor=4;8080=5;__proto__=6');
  const ports = portsByKey(sockets.ok ? sockets.value : []);
  t.equal(Object.getPrototypeOf(ports), null);
  t.same(Object.entries(ports), [
    ['8080', 5],
    ['constructor', 4],
    ['__proto__', 6],
  ]);
  t.notOk('toString' in ports);
  t.end();
});

const choices: readonly (readonly [string, string | undefined, string])[] = [
  ['8080=3', undefined, '8080 is 3'],
  ['8080=3;8080=4', undefined, '8080 is 3, 8080 is 4'],
  ['8080=3;/t/s=4', '/t/s', '/t/s is 4'],
  ['8080=3;/t/s=4;8080=5', '8080', '8080 is 3, 8080 is 5'],
  ['', undefined, 'ERR_UNKNOWN_SOCKET start_server holds no socket for this program; give it a --port or --path'],
  ['', '80', 'ERR_UNKNOWN_SOCKET start_server holds no socket for this program; give it a --port or --path'],
  [
    '8080=3;/t/s=4;8080=5',
    undefined,
    'ERR_AMBIGUOUS_SOCKET start_server holds more than one socket; say which one you want: "8080", "/t/s"',
  ],
  [
    '127.0.0.1:8080=3',
    '8080',
    'ERR_UNKNOWN_SOCKET no socket is called "8080"; name one as it is written in --port or --path, here: "127.0.0.1:8080"',
  ],
];

t.test('the socket that a program means', (t) => {
  for (const [variable, key, expected] of choices) {
    const sockets = parseServerPorts(variable);
    const called = socketsCalled(sockets.ok ? sockets.value : [], key);
    t.equal(called.ok ? shown(called.value) : `${called.error.code} ${called.error.message}`, expected);
  }
  t.end();
});
