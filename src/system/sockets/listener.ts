import { closeSync } from 'node:fs';
import type { ListenerPart } from '../../core/handover/document.js';
import { addon, type ListenerRequest } from '../engine/addon.js';
import type { Keep } from '../engine/keep.js';
import { SocketFile } from './socket-file.js';

/** What another image has to know of a socket. */
export type SocketPart = Pick<ListenerPart, 'descriptor' | 'file'>;

/** An open socket that workers are given. */
export interface Listener {
  readonly descriptor: number;
  /** The port it is bound to, also where the system has chosen one; 0 for a unix socket. */
  readonly port: number;
  /** From here on somebody else keeps the socket open, too, so its file stays when it is closed here. */
  leaveAddress(): void;
  handOver(keep: Keep): SocketPart;
  /** Closes it here; workers keep what they have. */
  close(): void;
}

/** A socket that was bound here. The file of a unix socket belongs to it, and is removed with it. */
export class BoundListener implements Listener {
  #file: SocketFile | undefined;

  private constructor(
    readonly descriptor: number,
    file: SocketFile | undefined,
  ) {
    this.#file = file;
  }

  /** Opens, binds and listens; throws a system error that names the stage which failed. */
  static open(request: ListenerRequest): BoundListener {
    const descriptor = addon.openListener(request);
    return new BoundListener(descriptor, request.family === 'unix' ? new SocketFile(request.address) : undefined);
  }

  /** Goes on with a socket of the image before, whoever has bound it; `path` is that of a unix socket. */
  static takeUp({ descriptor, file }: ListenerPart, path: string | undefined): BoundListener {
    addon.setCloseOnExec(descriptor);
    const isOurs = path !== undefined && file !== undefined;
    return new BoundListener(descriptor, isOurs ? new SocketFile(path, file) : undefined);
  }

  handOver(keep: Keep): SocketPart {
    const file = this.#file?.identity;
    return { descriptor: keep(this.descriptor), ...(file === undefined ? {} : { file }) };
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
