import { quoted } from '../text/quoted.js';
import type { GivenSocket } from './given-sockets.js';

/** For example `"app.socket", tcp [::]:8081 (descriptor 3)`. */
export function socketInWords({ name, descriptor, facts }: GivenSocket): string {
  return `${quoted(name)}, ${kindInWords(facts)} (descriptor ${String(descriptor)})`;
}

function kindInWords(facts: GivenSocket['facts']): string {
  if (facts === undefined) return 'which is no socket';
  const { family, type, address, port, isListening } = facts;
  if (type === 'stream' && !isListening) return 'a socket that does not listen';
  switch (family) {
    case 'inet':
      return `${kinds[type]} ${address}:${String(port)}`;
    case 'inet6':
      return `${kinds[type]} [${address}]:${String(port)}`;
    case 'unix':
      return `${type === 'stream' ? 'unix socket' : 'unix socket for messages'} ${quoted(address)}`;
    case 'other':
      return 'a socket of another family';
  }
}

const kinds = { stream: 'tcp', datagram: 'udp', other: 'a socket of another kind at' } as const;
