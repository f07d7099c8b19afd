import { closeSync } from 'node:fs';
import type { ListenerPart } from '../../core/handover/document.js';
import { addon, type ListenerRequest } from '../engine/addon.js';
import type { Keep } from '../engine/keep.js';
import { SocketFile } from './socket-file.js';

/** What another image has to know of a socket. */
export type SocketPart = Pick<ListenerPart, 'descriptor' | 'file' | 'isLeft'>;

/** An open socket that workers are given. */
export interface Listener {
  readonly descriptor: number;
  /** The port it is bound to, also where the system has chosen one; 0 for a unix socket. */
  readonly port: number;
  /** From here on somebody else keeps the socket open, too, so its file stays when it is closed here. */
  leaveAddress(): void;
  /** From here on nobody else does: its file is removed when it is closed here, if it is ours. */
  reclaimAddress(): void;
  /** What waits in its queue stays there. Throws what the system refuses. */
  setBacklog(backlog: number): void;
  handOver(keep: Keep): SocketPart;
  /** Closes it here; workers keep what they have. */
  close(): void;
}

/** A socket that was bound here. The file of a unix socket belongs to it, and is removed with it. */
export class BoundListener implements Listener {
  private constructor(
    readonly descriptor: number,
    private readonly file: SocketFile | undefined,
    private isLeft = false,
  ) {}

  /** Opens, binds and listens; throws a system error that names the stage which failed. */
  static open(request: ListenerRequest): BoundListener {
    const descriptor = addon.openListener(request);
    return new BoundListener(descriptor, request.family === 'unix' ? new SocketFile(request.address) : undefined);
  }

  /** A socket that was bound by a start_server before, and kept open by somebody else; `path` is that of a unix socket. */
  static kept(descriptor: number, path: string | undefined): BoundListener {
    return new BoundListener(descriptor, path === undefined ? undefined : new SocketFile(path), true);
  }

  /** Goes on with a socket of the image before, whoever has bound it; `path` is that of a unix socket. */
  static takeUp({ descriptor, file, isLeft }: ListenerPart, path: string | undefined): BoundListener {
    addon.setCloseOnExec(descriptor);
    const isOurs = path !== undefined && file !== undefined;
    return new BoundListener(descriptor, isOurs ? new SocketFile(path, file) : undefined, isLeft);
  }

  handOver(keep: Keep): SocketPart {
    const file = this.file?.identity;
    const isLeft = this.isLeft ? { isLeft: true } : {};
    return { descriptor: keep(this.descriptor), ...(file === undefined ? {} : { file, ...isLeft }) };
  }

  get port(): number {
    return addon.localPort(this.descriptor);
  }

  setBacklog(backlog: number): void {
    addon.setBacklog(this.descriptor, backlog);
  }

  leaveAddress(): void {
    this.isLeft = true;
  }

  reclaimAddress(): void {
    this.isLeft = false;
  }

  close(): void {
    if (!this.isLeft) this.file?.remove();
    closeSync(this.descriptor);
  }
}
