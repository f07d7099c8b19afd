/** The unix socket at which a superdaemon is asked and told things. Only a superdaemon that offers one loads this code. */
import type * as Net from 'node:net';
import { addon } from './addon.js';
import { ControlPeer, type PeerParts } from './control-peer.js';
import { SocketFile } from './socket-file.js';

/** How many clients there may be. */
export const mostPeers = 32;

export interface ControlParts extends PeerParts {
  /** The answers to a foreign user, and to the one that is too many. */
  readonly denied: (uid: number) => string;
  readonly busy: string;
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
      backlog: mostPeers,
      mode: 0o600,
    });
    this.#file = new SocketFile(path);
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.#accept(socket);
    });
    // Too many open files, for instance: the client waits, and the next one wakes us.
    this.#server.on('error', () => undefined);
    // Exclusive: in a worker of node:cluster another process would listen instead.
    this.#server.listen({ fd: descriptor, exclusive: true });
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
    else if (this.#peers.size > mostPeers) this.#makeRoomFor(peer);
  }

  /** One that has closed its side is likely to be gone, which only a write would tell. */
  #makeRoomFor(peer: ControlPeer): void {
    const dispensable = [...this.#peers].find((other) => other !== peer && other.mayBeGone);
    if (dispensable === undefined) peer.end(this.parts.busy);
    else dispensable.drop();
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
