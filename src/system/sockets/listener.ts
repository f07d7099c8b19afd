import { closeSync } from 'node:fs';
import { addon, type ListenerRequest } from '../engine/addon.js';
import { SocketFile } from './socket-file.js';

/** An open socket of the superdaemon and, for a unix socket, its file. */
export class Listener {
  readonly descriptor: number;
  readonly #file: SocketFile | undefined;

  /** Opens, binds and listens; throws a system error that names the stage which failed. */
  constructor(request: ListenerRequest) {
    this.descriptor = addon.openListener(request);
    this.#file = request.family === 'unix' ? new SocketFile(request.address) : undefined;
  }

  /** The port it is bound to, also where the system has chosen one; 0 for a unix socket. */
  get port(): number {
    return addon.localPort(this.descriptor);
  }

  /** What waits in its queue stays there. Throws what the system refuses. */
  setBacklog(backlog: number): void {
    addon.setBacklog(this.descriptor, backlog);
  }

  /** Closes the socket here and removes its file; workers keep what they have. */
  close(): void {
    this.#file?.remove();
    closeSync(this.descriptor);
  }
}
