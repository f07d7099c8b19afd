import { closeSync } from 'node:fs';
import type { ListenerPart } from '../../core/handover/document.js';
import { addon, type ListenerRequest } from '../engine/addon.js';
import type { Keep } from '../engine/keep.js';
import { SocketFile } from './socket-file.js';

/** An open socket of the superdaemon and, for a unix socket, its file. */
export class Listener {
  private constructor(
    readonly descriptor: number,
    private readonly file: SocketFile | undefined,
  ) {}

  /** Opens, binds and listens; throws a system error that names the stage which failed. */
  static open(request: ListenerRequest): Listener {
    const descriptor = addon.openListener(request);
    return new Listener(descriptor, request.family === 'unix' ? new SocketFile(request.address) : undefined);
  }

  /** One that the image before has handed over; `path` is that of a unix socket. */
  static takeUp({ descriptor, file }: ListenerPart, path: string | undefined): Listener {
    addon.setCloseOnExec(descriptor);
    return new Listener(descriptor, path === undefined ? undefined : new SocketFile(path, file ?? ''));
  }

  handOver(keep: Keep): Pick<ListenerPart, 'descriptor' | 'file'> {
    const file = this.file?.identity;
    return { descriptor: keep(this.descriptor), ...(file === undefined ? {} : { file }) };
  }

  /** The port it is bound to, also where the system has chosen one; 0 for a unix socket. */
  get port(): number {
    return addon.localPort(this.descriptor);
  }

  /** Closes the socket here and removes its file; workers keep what they have. */
  close(): void {
    this.file?.remove();
    closeSync(this.descriptor);
  }
}
