/** Names of sockets for LISTEN_FDNAMES and the store of the service manager: printable ASCII without colons. */
import type { ListenerSpec } from '../command-line/port-spec.js';

/** The beginning of the names of sockets that a start_server has left in the store. */
const mark = 'start_server ';

/** How long a name a service manager accepts. */
const longestName = 255;

/** For example `8080`, `u53`, `127.0.0.1_8080`, `/run/app.sock`. */
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
