import { writeSync } from 'node:fs';

/** The kernel's answer to an empty write on a socket without a peer; such a write reaches nobody. */
const kinds: Readonly<Record<string, 'stream' | 'datagram'>> = {
  EPIPE: 'stream', // a TCP socket that listens, on Linux
  ENOTCONN: 'stream', // a unix socket that listens; on macOS a TCP one too
  EDESTADDRREQ: 'datagram',
};

/**
 * Whether a socket that is not connected takes connections or datagrams; undefined for anything but a socket. Node.js
 * knows, but does not tell: a descriptor that is given to a server, to try it, is the server's for good.
 */
export function socketKind(descriptor: number): 'stream' | 'datagram' | undefined {
  try {
    writeSync(descriptor, '');
    return undefined; // a file, a pipe or a terminal
  } catch (error) {
    return error instanceof Error && 'code' in error ? kinds[String(error.code)] : undefined;
  }
}
