import { closeSync } from 'node:fs';
import { addon, type ListenerRequest } from '../engine/addon.js';
import { SocketFile } from './socket-file.js';

/** An open socket that workers are given. */
export interface Listener {
  readonly descriptor: number;
  /** The port it is bound to, also where the system has chosen one; 0 for a unix socket. */
  readonly port: number;
  /** From here on somebody else keeps it open, too: its file stays when it is closed here. */
  leaveAddress(): void;
  /** Closes it here; workers keep what they have. */
  close(): void;
}

/** One that was bound here, with the file of a unix socket, which goes with it. */
export class BoundListener implements Listener {
  readonly descriptor: number;
  #file: SocketFile | undefined;

  /** Opens, binds and listens; throws a system error that names the stage which failed. */
  constructor(request: ListenerRequest) {
    this.descriptor = addon.openListener(request);
    this.#file = request.family === 'unix' ? new SocketFile(request.address) : undefined;
  }

  get port(): number {
    return addon.localPort(this.descriptor);
  }

  leaveAddress(): void {
    this.#file = undefined;
  }

  close(): void {
    this.#file?.remove();
    closeSync(this.descriptor);
  }
}
