import type { Socket } from 'node:dgram';
import type { Ending } from './ending.js';

/** Milliseconds between two looks at answers that the kernel has not taken yet. */
const pause = 10;

/**
 * The end of a datagram socket. Datagrams that it has not taken wait in start_server's socket for the next worker; answers
 * to those that it has taken are sent before it is closed.
 */
export class UdpEnding implements Ending {
  readonly #socket: Socket;
  #closed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.once('close', () => (this.#closed = true));
  }

  retire(drained: Promise<unknown>): void {
    // That `drained` may reject is told by `closed`.
    const look = () => this.#later(() => this.#closeWhenSent());
    drained.then(look, look);
  }

  release(): void {
    // Nothing is idle: the socket is shared, and stays with start_server.
  }

  cut(): void {
    this.#later(() => this.#close());
  }

  #closeWhenSent(): void {
    if (this.#socket.getSendQueueCount() === 0) this.#close();
    else this.#later(() => this.#closeWhenSent(), pause);
  }

  #close(): void {
    this.#closed = true;
    this.#socket.close();
  }

  /** Not at once: if the program has just closed the socket, node tells that a moment later, and throws until then. */
  #later(act: () => void, milliseconds = 0): void {
    setTimeout(() => {
      if (!this.#closed) act();
    }, milliseconds);
  }
}
