/** The unix socket at which a superdaemon is asked and told things. Only a superdaemon that offers one loads this code. */
import type * as Net from 'node:net';
import type { ControlPart } from '../../core/handover/control-part.js';
import type { Answer } from '../../core/report/control-protocol.js';
import { addon } from '../engine/addon.js';
import type { Keep } from '../engine/keep.js';
import { ControlPeer, type PeerParts, type PeerProgress } from './control-peer.js';
import { descriptorOf } from './socket-descriptor.js';
import { SocketFile } from '../sockets/socket-file.js';

/** How many clients may wait to be accepted. */
const backlog = 64;

/**
 * How many clients there may be that have not asked yet, and again how many that were answered and have not gone. Each is
 * twice what one turn of the loop accepts, so that a client that asks at once is heard. Clients that wait for an answer
 * are counted by whoever serves them.
 */
export const mostIdlePeers = 2 * backlog;

export interface ControlParts extends PeerParts {
  /** The answers to another user's client, and to a client that has to leave before it has asked. */
  readonly denied: (uid: number) => Answer;
  readonly busy: Answer;
}

export class ControlServer {
  readonly #peers = new Set<ControlPeer>();
  readonly #server: Net.Server;

  private constructor(
    readonly descriptor: number,
    private readonly file: SocketFile,
    private readonly parts: ControlParts,
    private readonly net: typeof Net,
  ) {
    this.#server = net.createServer({ allowHalfOpen: true }, (socket) => {
      this.#accept(socket);
    });
    // Too many open files, for instance: the client waits, and the next one wakes us.
    this.#server.on('error', () => undefined);
    // Exclusive: in a worker of node:cluster another process would listen instead.
    this.#server.listen({ fd: descriptor, exclusive: true }, backlog); // it listens once more
  }

  /** Binds the socket; throws what the system refuses. */
  static async open(path: string, parts: ControlParts): Promise<ControlServer> {
    const net = await import('node:net');
    // Bound by the addon: it gives the file its mode from the first moment on, and takes every byte of the path.
    const descriptor = addon.openListener({
      family: 'unix',
      type: 'stream',
      address: path,
      port: 0,
      backlog,
      mode: 0o600,
    });
    return new ControlServer(descriptor, new SocketFile(path), parts, net);
  }

  /** Goes on with the socket of the image before. */
  static async takeUp(
    path: string,
    { descriptor, file = '' }: Pick<ControlPart, 'descriptor' | 'file'>,
    parts: ControlParts,
  ): Promise<ControlServer> {
    const net = await import('node:net');
    addon.setCloseOnExec(descriptor);
    return new ControlServer(descriptor, new SocketFile(path, file), parts, net);
  }

  /** Goes on with a client of the image before, from where it had come to. */
  takeUpPeer(fd: number, progress: PeerProgress): ControlPeer {
    addon.setCloseOnExec(fd);
    return this.#add(new this.net.Socket({ fd, readable: true, writable: true, allowHalfOpen: true }), progress);
  }

  /** Hands over the socket; its clients are handed over one by one. */
  handOver(keep: Keep): Pick<ControlPart, 'descriptor' | 'file'> {
    const { identity } = this.file;
    return { descriptor: keep(this.descriptor), ...(identity === undefined ? {} : { file: identity }) };
  }

  get peers(): ReadonlySet<ControlPeer> {
    return this.#peers;
  }

  /** How many of them may still say something. Others are told what happens, whichever image sees it. */
  get talking(): number {
    return [...this.#peers].filter((peer) => !peer.isSilent).length;
  }

  /** Removes the file, and lets every client go. */
  close(): void {
    this.file.remove();
    this.#server.close();
    for (const peer of this.#peers) peer.drop();
  }

  #accept(socket: Net.Socket): void {
    const peer = this.#add(socket);
    const uid = peerUid(socket);
    if (uid !== 0 && uid !== process.geteuid?.()) peer.end(this.parts.denied(uid ?? -1));
    this.#letTheSlowestGo();
  }

  #add(socket: Net.Socket, progress?: PeerProgress): ControlPeer {
    const gone = (one: ControlPeer): void => {
      this.#peers.delete(one);
      this.parts.gone(one);
    };
    const peer = new ControlPeer(socket, { ...this.parts, gone }, progress);
    this.#peers.add(peer);
    return peer;
  }

  /** Where too many clients do not ask, or do not go, the oldest one is sent away: others may have something to ask. */
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
  const descriptor = descriptorOf(socket);
  if (descriptor === undefined) return undefined;
  try {
    return addon.peerUid(descriptor);
  } catch {
    return undefined; // macOS does not tell it any more
  }
}
