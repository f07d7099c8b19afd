/** What a service manager tells by variables, and the sockets that it hands down. */
import assert from 'node:assert/strict';
import { parseListenerSpecs, type ListenerSpec } from '../../src/core/command-line/port-spec.js';
import { decodeDocument, encodeDocument } from '../../src/core/handover/document.js';
import { matchSockets, optionFor, type GivenSocket } from '../../src/core/manager/given-sockets.js';
import { planListenFds } from '../../src/core/manager/listen-fds.js';
import { readManagerEnvironment, withoutVariables } from '../../src/core/manager/manager-environment.js';
import { storedName } from '../../src/core/manager/socket-names.js';
import type { SocketFacts } from '../../src/core/workers/socket-facts.js';
import type { Target } from './fuzzer.js';
import { exampleDocument } from './handover-target.js';

const own = 4711;

/** The environment, NUL behind each entry, as in /proc/PID/environ. */
export const managerTarget: Target = {
  name: 'manager-variables',
  seeds: [
    `LISTEN_PID=${String(own)}\0LISTEN_FDS=2\0LISTEN_FDNAMES=app.socket:start_server 8080\0PATH=/bin\0`,
    `LISTEN_PID=${String(own)}\0LISTEN_FDS=3\0LISTEN_FDNAMES=::\0LISTEN_FDS=9\0`,
    `NOTIFY_SOCKET=@x\0WATCHDOG_USEC=5000000\0WATCHDOG_PID=${String(own)}\0JOURNAL_STREAM=8:1\0`,
    'WATCHDOG_USEC=18446744073709551615\0NOTIFY_SOCKET=\0SYSTEMD_EXEC_PID=4711\0',
    'LISTEN_FDS\0LISTEN_FDSX=1\0=LISTEN_FDS=1\0MAINPID=1\0FDSTORE=4\0',
  ],
  tokens: [
    ...[
      '\0',
      '=',
      ':',
      'LISTEN_FDS=',
      `LISTEN_PID=${String(own)}`,
      'LISTEN_FDNAMES=',
      'start_server ',
      '8080',
      '99999',
    ],
    ...['WATCHDOG_USEC=', `WATCHDOG_PID=${String(own)}`, 'NOTIFY_SOCKET=', 'JOURNAL_STREAM=', 'LISTEN_PIDFDID='],
  ],
  check: (input) => {
    const environment = input.split('\0').filter((entry) => entry !== '');
    const told = readManagerEnvironment(environment, [own]);
    checkForWorkers(environment);
    assert.ok(told.watchdog === undefined || (told.watchdog > 0 && told.watchdog <= 2 ** 64 / 1000));
    assert.notEqual(told.notifySocket, '');
    const { descriptors } = told;
    assert.ok(descriptors.length === 0 || environment.includes(`LISTEN_PID=${String(own)}`));
    assert.ok(descriptors.every(({ descriptor, name }, index) => descriptor === 3 + index && name !== ''));
    checkHandedOver(told);
    checkSockets(descriptors.slice(0, 50));
  },
};

/** Workers see nothing of it, and all the rest. */
function checkForWorkers(environment: readonly string[]): void {
  const left = withoutVariables(environment);
  assert.deepEqual(withoutVariables(left), left);
  assert.equal(
    left.some((entry) => /^(?:LISTEN_FDS|LISTEN_PID|NOTIFY_SOCKET|WATCHDOG_USEC)=/.test(entry)),
    false,
  );
  assert.deepEqual(
    left.filter((entry) => !environment.includes(entry)),
    [],
  );
  assert.deepEqual(readManagerEnvironment(left, [own]).descriptors, []);
}

/** The next image is told the same. */
function checkHandedOver({ watchdog, notifySocket, journal }: ReturnType<typeof readManagerEnvironment>): void {
  const manager = {
    ...(watchdog !== undefined && { watchdog }),
    ...(notifySocket !== undefined && { notifySocket }),
    ...(journal !== undefined && { journal }),
  };
  assert.deepEqual(decodeDocument(encodeDocument({ ...exampleDocument(), manager })).manager, manager);
}

/** By its number, what each descriptor is: any of these, over and over. */
const kinds: readonly (SocketFacts | undefined)[] = [
  { family: 'inet', type: 'stream', address: '0.0.0.0', port: 8080, isListening: true, isOnlyV6: false },
  { family: 'inet6', type: 'stream', address: '::', port: 8080, isListening: true, isOnlyV6: false },
  { family: 'unix', type: 'stream', address: '/run/a', port: 0, isListening: true, isOnlyV6: false },
  { family: 'inet', type: 'datagram', address: '127.0.0.1', port: 53, isListening: false, isOnlyV6: false },
  undefined,
];

/** Each socket is taken once or left, and workers find each that they get, in the order of the numbers. */
function checkSockets(descriptors: readonly { readonly descriptor: number; readonly name: string }[]): void {
  const given: GivenSocket[] = descriptors.map((one, index) => ({ ...one, facts: kinds[index % kinds.length] }));
  const { specs, mistakes } = parseListenerSpecs(['8080', '127.0.0.1:u53', '127.0.0.1:0'], ['/run/a'], 108);
  assert.deepEqual(mistakes, []);
  const { taken, left } = matchSockets(specs, given, (path) => path);
  const all = [...taken.values(), ...left].map(({ descriptor }) => descriptor);
  assert.deepEqual(
    all.sort((one, other) => one - other),
    descriptors.map(({ descriptor }) => descriptor),
  );
  for (const socket of left) assert.doesNotMatch(optionFor(socket) ?? '--port=1', /^(?!--(?:port|path)=.)/);
  checkPlan(specs, (spec) => taken.get(spec)?.name, left);
}

function checkPlan(
  specs: readonly ListenerSpec[],
  nameOf: (spec: ListenerSpec) => string | undefined,
  left: readonly GivenSocket[],
): void {
  const plan = planListenFds(specs, nameOf, left, new Set());
  assert.ok(plan.ok);
  const names = plan.value.variables.get('LISTEN_FDNAMES')?.split(':') ?? [];
  assert.equal(plan.value.variables.get('LISTEN_FDS'), String(specs.length + left.length));
  assert.equal(names.length, specs.length + left.length, 'no name has a colon');
  for (const spec of specs) assert.match(storedName(spec), /^[ -9;-~]{1,255}$/);
}
