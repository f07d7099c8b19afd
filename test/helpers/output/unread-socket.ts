import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Test } from 'tap';
import { addon } from '../../../src/system/engine/addon.js';
import { workspace } from '../place/workspace.js';

/** A unix stream socket, such as journald's, whose other side reads nothing until the test wants it to. */
export class UnreadSocket {
  #text = '';

  private constructor(
    /** Blocking. */
    readonly descriptor: number,
    private readonly peer: Socket,
  ) {
    peer.setEncoding('latin1').on('data', (text: string) => (this.#text += text));
    peer.pause();
  }

  static async open(t: Test): Promise<UnreadSocket> {
    const path = join(workspace(t), 'log.sock');
    const server = createServer({ pauseOnConnect: true }).listen(path);
    await once(server, 'listening');
    const descriptor = addon.connectTo(path);
    addon.makeBlocking(descriptor);
    const [peer] = (await once(server, 'connection')) as [Socket];
    t.teardown(() => {
      closeSync(descriptor);
      peer.destroy();
      server.close();
    });
    return new UnreadSocket(descriptor, peer);
  }

  /** Fills it until there is no room. */
  fill(): void {
    while (addon.sendNow(this.descriptor, 'x'.repeat(100)) > 0);
  }

  /** From here on it is read. */
  read(): void {
    this.peer.resume();
  }

  /** The other side goes away. */
  async close(): Promise<void> {
    this.peer.destroy();
    await once(this.peer, 'close');
  }

  /** What was read so far. */
  get text(): string {
    return this.#text;
  }
}
