import t from 'tap';
import type { SocketFacts } from '../../src/core/workers/socket-facts.js';
import { socketInWords } from '../../src/core/manager/socket-in-words.js';

const tcp: SocketFacts = {
  family: 'inet',
  type: 'stream',
  address: '127.0.0.1',
  port: 80,
  isListening: true,
  isOnlyV6: false,
};
const unix: SocketFacts = { ...tcp, family: 'unix', address: '/run/a', port: 0 };

const rows: readonly (readonly [facts: SocketFacts | undefined, words: string])[] = [
  [tcp, 'tcp 127.0.0.1:80'],
  [{ ...tcp, family: 'inet6', address: '::' }, 'tcp [::]:80'],
  [{ ...tcp, type: 'datagram', isListening: false }, 'udp 127.0.0.1:80'],
  [{ ...tcp, isListening: false }, 'a socket that does not listen'],
  [{ ...tcp, type: 'other' }, 'a socket of another kind at 127.0.0.1:80'],
  [unix, 'unix socket "/run/a"'],
  [{ ...unix, type: 'datagram' }, 'unix socket for messages "/run/a"'],
  [{ ...unix, family: 'other' }, 'a socket of another family'],
  [undefined, 'which is no socket'],
];

t.test('a socket, as a message names it', (t) => {
  for (const [facts, words] of rows)
    t.equal(socketInWords({ name: 'web', descriptor: 3, facts }), `"web", ${words} (descriptor 3)`);
  t.end();
});
