import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { socketKind } from '../../src/worker/socket-kind.js';
import { givenSockets } from '../helpers/processes/given-sockets.js';
import { workspace } from '../helpers/place/workspace.js';

t.test('what a descriptor takes', (t) => {
  const path = join(workspace(t), 's') as `/${string}`;
  const sockets = givenSockets(t, ['a', 'tcp'], ['b', 'udp'], ['c', 'tcp6'], ['d', 'udp6'], ['e', path]);
  t.same(sockets.map(socketKind), ['stream', 'datagram', 'stream', 'datagram', 'stream']);
  // Asked again: a question changes nothing.
  t.same(sockets.map(socketKind), ['stream', 'datagram', 'stream', 'datagram', 'stream']);
  const others = [openSync('/dev/null', 'w'), openSync('/dev/null', 'r'), ...addon.pipe()];
  t.same(others.map(socketKind), [undefined, undefined, undefined, undefined]);
  for (const descriptor of [...sockets, ...others]) closeSync(descriptor);
  t.equal(socketKind(sockets[0] ?? NaN), undefined);
  t.end();
});
