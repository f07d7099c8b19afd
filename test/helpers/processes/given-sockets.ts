import type { Test } from 'tap';
import { addon } from '../../../src/system/engine/addon.js';

/** The kind of a socket, or the path of a unix one. */
export type Wanted = 'tcp' | 'udp' | 'tcp6' | 'udp6' | `/${string}`;

/** Makes this process a worker that was given these sockets, until the end of the test; gives their descriptors. */
export function givenSockets(t: Test, ...sockets: readonly (readonly [key: string, wanted: Wanted])[]): number[] {
  const descriptors = sockets.map(([, wanted]) => open(wanted));
  givenVariable(t, sockets.map(([key], index) => `${key}=${String(descriptors[index])}`).join(';'));
  return descriptors;
}

/** Sets SERVER_STARTER_PORT, or takes it away, until the end of the test. */
export function givenVariable(t: Test, value: string | undefined): void {
  setVariable(value);
  t.teardown(() => setVariable(undefined));
}

function setVariable(value: string | undefined): void {
  if (value === undefined) delete process.env['SERVER_STARTER_PORT'];
  else process.env['SERVER_STARTER_PORT'] = value;
}

function open(wanted: Wanted): number {
  if (wanted.startsWith('/')) {
    return addon.openListener({ family: 'unix', type: 'stream', address: wanted, port: 0, backlog: 128 });
  }
  const six = wanted.endsWith('6');
  return addon.openListener({
    family: six ? 'inet6' : 'inet',
    type: wanted.startsWith('udp') ? 'datagram' : 'stream',
    address: six ? '::1' : '127.0.0.1',
    port: 0,
    backlog: 128,
  });
}
