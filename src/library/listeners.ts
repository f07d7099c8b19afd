import type { OpenListener } from '../service/listeners.js';
import { text } from '../system/engine/bytes.js';

/** An open socket of a server. */
export interface ServerListener {
  readonly kind: 'tcp' | 'udp' | 'unix';
  /** Its name in SERVER_STARTER_PORT. */
  readonly key: string;
  /** The numeric address that it is bound to, or the path of a unix socket. */
  readonly address: string;
  /** The port, even if the system has chosen it; undefined for unix sockets. */
  readonly port: number | undefined;
  /** How clients on this machine reach it over HTTP; undefined for UDP and unix sockets. */
  readonly url: string | undefined;
}

/** What a program may want to know of a socket. */
export function describeListener({ spec, listener }: OpenListener): ServerListener {
  const { kind, key } = spec;
  if (kind === 'unix') return { kind, key: text(key), address: text(spec.path), port: undefined, url: undefined };
  const { address = '', family } = spec;
  const { port } = listener;
  const host = reachable[address] ?? (family === 'inet6' ? `[${address}]` : address);
  return { kind, key: text(key), address, port, url: kind === 'tcp' ? `http://${host}:${String(port)}/` : undefined };
}

/** The loopback address to use for an address that means all of them. */
const reachable: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };
