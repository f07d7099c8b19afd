import { readdirSync } from 'node:fs';
import { inspect } from 'node:util';
import t from 'tap';
import { addon } from '../../src/system/engine/addon.js';

type Request = Readonly<Record<string, unknown>>;
// The contract for callers that the type checker did not see.
const raw = addon as unknown as Record<keyof typeof addon, (...args: unknown[]) => unknown>;

const listener: Request = { family: 'inet', type: 'stream', address: '127.0.0.1', port: 0, backlog: 5 };
const spawning: Request = { file: '/bin/true', args: ['true'], env: [], fds: [] };
const ordering: Request = { request: spawning, signal: 1, unless: [], output: 2 };
const execing: Request = { file: '/nowhere', args: ['true'], env: [], keep: [] };
const notText = [undefined, null, 5, {}, ['x'], 'a\0b', '\u0100', '\u20ac', '\ud83d\ude00'];
const notNumbers = [undefined, null, '5', 1.5, NaN, Infinity, 10n, {}];

/** Each value at that member of the request is refused, and the message names it. */
function refused(
  call: 'openListener' | 'spawn' | 'orderSpawn' | 'exec',
  request: Request,
  member: string,
  values: readonly unknown[],
): void {
  t.test(`${call} refuses other values of ${member}`, (t) => {
    for (const value of values) {
      const message = new RegExp(`^'${member}[^']*' must be `);
      t.throws(() => raw[call]({ ...request, [member]: value }), { name: 'TypeError', message }, describe(value));
    }
    t.end();
  });
}

function describe(value: unknown): string {
  return inspect(value, { depth: 5 });
}

refused('openListener', listener, 'family', [...notText, '', 'INET', 'inet4']);
refused('openListener', listener, 'type', [...notText, '', 'dgram']);
refused('openListener', listener, 'address', notText);
refused('openListener', listener, 'port', [...notNumbers, -1, 65536]);
refused('openListener', listener, 'backlog', [...notNumbers.slice(1), 2 ** 31, -(2 ** 31) - 1]);
refused('spawn', spawning, 'file', notText);
refused('spawn', spawning, 'args', [undefined, null, 'x', {}, [], ...notText.map((value) => ['x', value])]);
refused('spawn', spawning, 'env', [undefined, null, 'x', {}, ...notText.map((value) => ['A=1', value])]);
refused('spawn', spawning, 'cwd', [null, 5, {}, 'a\0b', '\u0100']);
refused('spawn', spawning, 'fds', [undefined, null, 'x', {}, [5], [null], [[]], [[1]], [[1, 1, 1]]]);
refused('spawn', spawning, 'fds', notNumbers.map((value) => [[0, value]])); // prettier-ignore
refused('spawn', spawning, 'fds', [[[-1, 3]], [[0, -1]], [[0, 2 ** 31]], [[0, 3], [1, 3]]]); // prettier-ignore
for (const member of ['ignoredSignals', 'blockedSignals']) {
  refused('spawn', spawning, member, [null, 5, 'TERM', [0], [-1], [65], ['TERM'], [1.5], [undefined]]);
}
refused('spawn', spawning, 'softLimits', [null, 5, 'x']);
refused('spawn', { ...spawning, env: ['PIDS=', 'A=1'] }, 'pidVariable', [
  null,
  5,
  {},
  'P\0',
  '\u0100',
  'PID',
  'a',
  '1',
]);
refused('orderSpawn', ordering, 'request', [undefined, null, 5, 'x']);
refused('orderSpawn', ordering, 'signal', [...notNumbers, 0, -1, 65]);
refused('orderSpawn', ordering, 'endOf', [...notNumbers.slice(1), 0, -1, 2 ** 31]);
refused('orderSpawn', ordering, 'unless', [undefined, null, 5, 'TERM', [0], [65], [undefined]]);
refused('orderSpawn', ordering, 'output', [...notNumbers, -1, 2 ** 31]);
refused('exec', execing, 'file', notText);
refused('exec', execing, 'args', [undefined, null, 'x', {}, [], ...notText.map((value) => ['x', value])]);
refused('exec', execing, 'env', [undefined, null, 'x', {}, ...notText.map((value) => ['A=1', value])]);
refused('exec', execing, 'keep', [undefined, null, 'x', {}, [-1], [2 ** 31], ...notNumbers.map((value) => [0, value])]);
for (const member of ['newSession', 'daemon', 'endsWithParent', 'newGroup', 'goesFirst'])
  refused('spawn', spawning, member, [null, 0, 1, 'true', {}]);

t.test('spawn refuses other values of a soft limit', (t) => {
  for (const as of [...notNumbers.slice(1), -1, 2 ** 53]) {
    t.throws(() => raw.spawn({ ...spawning, softLimits: { as } }), { name: 'TypeError', message: /^'as' must be / });
  }
  t.end();
});

t.test('the element of a list is named', (t) => {
  const table: [Request, string][] = [
    [{ args: ['x', '\0'] }, 'args[1]'],
    [{ env: [5] }, 'env[0]'],
    [{ fds: [[0, 1], [0]] }, 'fds[1]'],
    [{ fds: [[0, '1']] }, 'fds[0][1]'],
    [{ ignoredSignals: [1, 99] }, 'ignoredSignals[1]'],
  ];
  for (const [more, name] of table) {
    const message = new RegExp(`^'${name.replace(/[[\]]/g, '\\$&')}' must be `);
    t.throws(() => raw.spawn({ ...spawning, ...more }), { name: 'TypeError', message });
  }
  t.end();
});

t.test('the other functions refuse too', (t) => {
  const notDescriptors = [...notNumbers, -1, 2 ** 31];
  const table: [keyof typeof addon, unknown[], string, ...before: unknown[]][] = [
    ['openListener', [undefined, null, 5, 'x'], 'request'],
    ['spawn', [undefined, null, 5, 'x'], 'request'],
    ['orderSpawn', [undefined, null, 5, 'x'], 'order'],
    ['isAccepting', notText, 'path'],
    ['connectTo', notText, 'path'],
    ['peerUid', notDescriptors, 'fd'],
    ['describeSocket', notDescriptors, 'fd'],
    ['sendNotification', notText, 'name'],
    ['sendNotification', notText, 'text', '/x'],
    ['sendNotification', [undefined, null, 'x', 5], 'descriptors', '/x', 'READY=1'],
    ['copyDescriptor', [...notNumbers, 0, -1, 2 ** 31], 'pid'],
    ['copyDescriptor', notDescriptors, 'fd', 1],
    ['waitpid', [...notNumbers, 0, -2, 2 ** 31], 'pid'],
    ['tryLock', notDescriptors, 'fd'],
    ['exec', [undefined, null, 5, 'x'], 'request'],
    ['setCloseOnExec', notDescriptors, 'fd'],
    ['memoryFile', notText, 'name'],
    ['memoryFile', [undefined, null, 'x', [1], {}, new Uint16Array(1), new ArrayBuffer(1)], 'content', 'document'],
    ['dup2', notDescriptors, 'from'],
    ['dup2', notDescriptors, 'to', 0],
    ['setProcessName', notText, 'name'],
    ['setSignals', [undefined, null, 5, 'x'], 'plan'],
    ['setSignals', [undefined, null, 5, {}], 'listener', { handled: [], ignored: [], standard: [], blocked: [] }],
    ['strerror', [...notNumbers, 2 ** 31], 'errno'],
    ['setEngineFlags', notText, 'flags'],
    ['giveBackMemory', [...notNumbers, -1, 2 ** 31], 'milliseconds'],
    ['exit', [...notNumbers, -1, 256], 'code'],
  ];
  for (const [name, values, argument, ...before] of table) {
    for (const value of values) {
      const expected = { name: 'TypeError', message: new RegExp(`^'${argument}' must be `) };
      t.throws(() => raw[name](...before, value), expected, `${name}(${[...before, value].map(describe).join()})`);
    }
  }
  t.end();
});

t.test('members that may be left out may be undefined', (t) => {
  const optional = { cwd: undefined, ignoredSignals: undefined, blockedSignals: undefined, softLimits: undefined };
  const flags = { newSession: undefined, daemon: undefined };
  t.doesNotThrow(() => addon.waitpid(raw.spawn({ ...spawning, ...optional, ...flags }) as number));
  t.end();
});

t.test("an error of the caller's own comes through", (t) => {
  const own = new Error('mine');
  const thrower = (name: string): Request =>
    Object.defineProperty({ ...listener, ...spawning, ...execing }, name, {
      get() {
        throw own;
      },
    });
  for (const name of ['family', 'port']) t.throws(() => raw.openListener(thrower(name)), own);
  for (const name of ['file', 'args', 'cwd', 'newSession', 'daemon']) t.throws(() => raw.spawn(thrower(name)), own);
  for (const name of ['file', 'env', 'keep']) t.throws(() => raw.exec(thrower(name)), own);
  t.end();
});

t.test('nothing was done', (t) => {
  const before = readdirSync('/proc/self/fd').length;
  t.throws(() => raw.openListener({ ...listener, backlog: '5' }));
  t.equal(readdirSync('/proc/self/fd').length, before);
  t.end();
});
