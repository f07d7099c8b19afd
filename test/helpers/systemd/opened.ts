import { closeSync, fstatSync } from 'node:fs';
import type { Test } from 'tap';
import { addon } from '../../../src/system/engine/addon.js';
import type { ProbeDump } from '../processes/probe.js';

/** A socket that a service manager has opened for its service. */
export interface Opened {
  readonly descriptor: number;
  /** The port; 0 for a unix socket. */
  readonly port: number;
  /** As /proc shows it. */
  readonly target: string;
}

/** `tcp ADDRESS`, `udp ADDRESS` or `unix PATH`; the system chooses the port. It is open until the end of the test. */
export function opened(t: Test, what: string): Opened {
  const [kind = '', address = ''] = what.split(' ');
  const descriptor = addon.openListener({
    family: kind === 'unix' ? 'unix' : address.includes(':') ? 'inet6' : 'inet',
    type: kind === 'udp' ? 'datagram' : 'stream',
    address,
    port: 0,
    backlog: 128,
  });
  t.teardown(() => closeSync(descriptor));
  return { descriptor, port: addon.localPort(descriptor), target: targetOf(descriptor) };
}

export function targetOf(descriptor: number): string {
  return `socket:[${String(fstatSync(descriptor).ino)}]`;
}

/** The sockets of a worker by their keys in SERVER_STARTER_PORT, as /proc shows them. */
export function socketsOf({ environ, fds }: ProbeDump): Record<string, string | undefined> {
  const [, value = ''] = /^SERVER_STARTER_PORT=(.*)$/m.exec(environ.join('\n')) ?? [];
  const pairs = value.split(';').filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=');
      return [pair.slice(0, at), fds.get(Number(pair.slice(at + 1)))?.target];
    }),
  );
}
