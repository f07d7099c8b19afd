/** How sockets are called where a name is printable ASCII without colons: in the store of the service manager, and in LISTEN_FDNAMES. */
import type { ListenerSpec } from '../command-line/port-spec.js';

/** What the names of sockets begin with that a start_server has left in the store. */
const mark = 'start_server ';

/** What a service manager takes. */
const longestName = 255;

/** `8080`, `u53`, `127.0.0.1_8080`, `/run/app.sock`. */
export function socketName({ kind, key }: ListenerSpec): string {
  const escaped = key.replace(/[^ -~]|%/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `${kind === 'udp' ? 'u' : ''}${escaped.replaceAll(':', '_')}`.slice(0, longestName - mark.length);
}

export function storedName(spec: ListenerSpec): string {
  return mark + socketName(spec);
}

export function isStored(name: string): boolean {
  return name.startsWith(mark);
}
