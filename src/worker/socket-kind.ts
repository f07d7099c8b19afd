import { writeSync } from 'node:fs';

/** What the kernel says to a write of nothing, which reaches nobody, on a socket without a peer. */
const kinds: Readonly<Record<string, 'stream' | 'datagram'>> = {
  EPIPE: 'stream', // a TCP socket that listens, on Linux
  ENOTCONN: 'stream', // a unix socket that listens; on macOS a TCP one too
  EDESTADDRREQ: 'datagram',
};

/**
 * Whether a socket that nobody has connected takes connections or datagrams; undefined for what is none. Node.js knows
 * it, and tells nobody: to try a descriptor on a server means to hand it over for good.
 */
export function socketKind(descriptor: number): 'stream' | 'datagram' | undefined {
  try {
    writeSync(descriptor, '');
    return undefined; // a file, a pipe or a terminal
  } catch (error) {
    return error instanceof Error && 'code' in error ? kinds[String(error.code)] : undefined;
  }
}
