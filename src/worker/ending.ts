import type { Socket as UdpSocket } from 'node:dgram';
import type { Server } from 'node:net';

/** All that can listen: the servers of node:net, http, https, http2 and tls, and the sockets of node:dgram. */
export type AnyServer = Server | UdpSocket;

/** How servers of a kind come to their end. Each is called at most once, in this order, the last two only if need be. */
export interface Ending {
  /** At the signal: takes nothing new, finishes what has begun. `drained` settles when the program has done its part. */
  retire(drained: Promise<unknown>): void;
  /** After the grace: closes what is idle. */
  release(): void;
  /** At the limit: cuts what is left. */
  cut(): void;
}

/** The end of a server in one of the protocols that it speaks; connections as such are left to StreamEnding. */
export type Protocol = { retire(): void } & Pick<Ending, 'release'>;

export function isUdp(server: AnyServer): server is UdpSocket {
  return 'bind' in server;
}
