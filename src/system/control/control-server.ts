/** The unix socket at which a superdaemon is asked and told things. Only a superdaemon that offers one loads this code. */
import type * as Net from 'node:net';
import type { Answer } from '../../core/report/control-protocol.js';
import { addon } from '../engine/addon.js';
import { ControlPeer, type PeerParts } from './control-peer.js';
import { SocketFile } from '../sockets/socket-file.js';

/** How many clients may wait to be accepted. */
const backlog = 64;

/**
 * How many clients there may be that have not asked yet, and how many that were answered and have not gone. They are twice as
 * many as are accepted in one turn of the loop, so one that asks at once is heard. Those that wait for something are
 * counted by whoever serves them.
 */
export const mostIdlePeers = 2 * backlog;

export interface ControlParts extends PeerParts {
  /** The answers to a foreign user, and to one that has to leave before it has asked. */
  readonly denied: (uid: number) => Answer;
  readonly busy: Answer;
}

export class ControlServer {
  readonly #peers = new Set<ControlPeer>();
  readonly #file: SocketFile;
  readonly #server: Net.Server;

  private constructor(
    path: string,
    private readonly parts: ControlParts,
    { createServer }: typeof Net,
  ) {
    // By the addon: so the file has its mode from its first moment on, and every byte of the path counts.
    const descriptor = addon.openListener({
      family: 'unix',
      type: 'stream',
      address: path,
      port: 0,
      backlog,
      mode: 0o600,
    });
    this.#file = new SocketFile(path);
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.#accept(socket);
    });
    // Too many open files, for instance: the client waits, and the next one wakes us.
    this.#server.on('error', () => undefined);
    // Exclusive: in a worker of node:cluster another process would listen instead.
    this.#server.listen({ fd: descriptor, exclusive: true }, backlog); // it listens once more
  }

  /** Binds the socket; throws what the system refuses. */
  static async open(path: string, parts: ControlParts): Promise<ControlServer> {
    return new ControlServer(path, parts, await import('node:net'));
  }

  /** Removes the file, and lets every client go. */
  close(): void {
    this.#file.remove();
    this.#server.close();
    for (const peer of this.#peers) peer.drop();
  }

  #accept(socket: Net.Socket): void {
    const peer = new ControlPeer(socket, {
      ...this.parts,
      gone: (one) => {
        this.#peers.delete(one);
        this.parts.gone(one);
      },
    });
    this.#peers.add(peer);
    const uid = peerUid(socket);
    if (uid !== 0 && uid !== process.geteuid?.()) peer.end(this.parts.denied(uid ?? -1));
    this.#letTheSlowestGo();
  }

  /** Nobody who has something to ask is kept from it by those who take their time for it, or for going. */
  #letTheSlowestGo(): void {
    for (const phase of ['asking', 'ended']) {
      const [slowest, ...others] = [...this.#peers].filter((peer) => peer.phase === phase);
      if (others.length < mostIdlePeers) continue;
      slowest?.end(this.parts.busy);
      slowest?.drop();
    }
  }
}

/** Undefined where the client is gone already. */
function peerUid(socket: Net.Socket): number | undefined {
  // The descriptor of a socket has no public name in node.
  const { _handle: handle } = socket as unknown as { readonly _handle?: { readonly fd?: number } | null };
  const descriptor = handle?.fd;
  if (descriptor === undefined || descriptor < 0) return undefined;
  try {
    return addon.peerUid(descriptor);
  } catch {
    return undefined; // macOS cannot tell any more
  }
}
