/** What a descriptor is that somebody else has opened. */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { SocketFacts } from '../../src/core/workers/socket-facts.js';
import { addon, type ListenerRequest } from '../../src/system/engine/addon.js';
import { described } from '../helpers/systemd/described.js';
import { workspace } from '../helpers/place/workspace.js';

function opened(t: Test, request: Partial<ListenerRequest>): SocketFacts {
  const plain = { family: 'inet', type: 'stream', address: '127.0.0.1', port: 0, backlog: 1 } as const;
  const fd = addon.openListener({ ...plain, ...request });
  t.teardown(() => {
    closeSync(fd);
  });
  return addon.describeSocket(fd);
}

t.test('ours', (t) => {
  const tcp: Partial<SocketFacts> = {
    family: 'inet',
    type: 'stream',
    address: '127.0.0.1',
    isListening: true,
    isOnlyV6: false,
  };
  const path = join(workspace(t), 'n\u00c3\u00bc');
  const longest = `${workspace(t)}/`.padEnd(108, 'x');
  const table: [Partial<ListenerRequest>, Partial<SocketFacts>][] = [
    [{}, tcp],
    [{ type: 'datagram' }, { ...tcp, type: 'datagram', isListening: false }],
    [
      { family: 'inet6', address: '0:0::1' },
      { ...tcp, family: 'inet6', address: '::1', isOnlyV6: true },
    ],
    [
      { family: 'unix', address: path },
      { ...tcp, family: 'unix', address: path, port: 0 },
    ],
    [
      { family: 'unix', address: longest },
      { ...tcp, family: 'unix', address: longest, port: 0 },
    ],
  ];
  for (const [request, expected] of table) t.match(opened(t, request), expected);
  t.ok(opened(t, {}).port > 0);
  t.end();
});

t.test('of others', (t) => {
  const table: [string, SocketFacts][] = [
    ['both families', { family: 'inet6', type: 'stream', address: '::', port: 0, isListening: false, isOnlyV6: false }],
    ['abstract', { family: 'unix', type: 'stream', address: '@\0x', port: 0, isListening: true, isOnlyV6: false }],
    ['unnamed', { family: 'unix', type: 'datagram', address: '', port: 0, isListening: false, isOnlyV6: false }],
    ['packets', { family: 'unix', type: 'other', address: '', port: 0, isListening: false, isOnlyV6: false }],
    ['netlink', { family: 'other', type: 'datagram', address: '', port: 0, isListening: false, isOnlyV6: false }],
  ];
  for (const [kind, expected] of table) t.same(described(kind), expected, kind);
  t.end();
});

t.test('what is no socket', (t) => {
  const fd = openSync('/dev/null', 'r');
  t.throws(() => addon.describeSocket(fd), { code: 'ENOTSOCK', syscall: 'getsockname' });
  closeSync(fd);
  t.throws(() => addon.describeSocket(fd), { code: 'EBADF' });
  t.end();
});
