import { closeSync } from 'node:fs';
import { addon } from '../engine/addon.js';
import type { Keep } from '../engine/keep.js';
import type { Listener, SocketPart } from '../sockets/listener.js';
import { SocketFile } from '../sockets/socket-file.js';
import { makeBlockingUnlessPolled } from './blocking.js';
import { KeptFile } from './kept-file.js';

/**
 * A socket that another process has opened, and has yet. Until it is adopted it is the other one's: its file stays when
 * it is closed here.
 */
export class TakenListener implements Listener {
  readonly #file: SocketFile | undefined;
  #kept: KeptFile | undefined;
  #isAdopted = false;
  #isLeft = false;
  #isClosed = false;

  /** `path`: the file of a unix socket. */
  constructor(
    readonly descriptor: number,
    readonly path?: string,
  ) {
    this.#file = path === undefined ? undefined : new SocketFile(path);
  }

  get port(): number {
    return addon.localPort(this.descriptor);
  }

  /** For an IPv6 socket: whether it serves IPv6 only. */
  get isOnlyIpv6(): boolean {
    return addon.describeSocket(this.descriptor).isOnlyV6;
  }

  /** From here on its file is put back whenever the other process removes it. Throws what the system refuses. */
  keepFile(): void {
    if (this.path !== undefined) this.#kept = KeptFile.keep(this.path);
  }

  restoreFile(): void {
    this.#kept?.restore();
  }

  /** From here on the socket is ours. */
  adopt(): void {
    this.#isAdopted = true;
  }

  /** To be called when no other process has it any more. */
  settle(): void {
    if (this.#isClosed) return;
    this.#isAdopted = true;
    this.restoreFile();
    this.#kept?.release();
    this.#kept = undefined;
    makeBlockingUnlessPolled(this.descriptor);
  }

  leaveAddress(): void {
    this.#isLeft = true;
  }

  reclaimAddress(): void {
    this.#isLeft = false;
  }

  setBacklog(backlog: number): void {
    addon.setBacklog(this.descriptor, backlog);
  }

  /** To be called only when no other process has it any more. */
  handOver(keep: Keep): SocketPart {
    const file = this.#isAdopted ? this.#file?.identity : undefined;
    const isLeft = this.#isLeft ? { isLeft: true } : {};
    return { descriptor: keep(this.descriptor), ...(file === undefined ? {} : { file, ...isLeft }) };
  }

  close(): void {
    const isOurs = this.#isAdopted || this.#kept?.wasRestored === true;
    if (isOurs && !this.#isLeft) this.#file?.remove();
    this.#kept?.release();
    this.#kept = undefined;
    this.#isClosed = true;
    closeSync(this.descriptor);
  }
}
