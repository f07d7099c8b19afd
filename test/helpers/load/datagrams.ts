import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { patience, type Address, type Answer, type Client } from './load.js';

/** Numbers every datagram, and fails where one is refused, is not answered, or is answered more than once. */
export class DatagramClient implements Client {
  readonly #socket: Promise<Socket>;
  #number = 0;
  #settle: { resolve: (answer: Answer) => void; reject: (reason: Error) => void } | undefined;
  #wrong: Error | undefined;

  constructor(address: Address) {
    this.#socket = this.#connected(Number(address));
  }

  async ask(): Promise<Answer> {
    const socket = await this.#socket;
    if (this.#wrong !== undefined) throw this.#wrong;
    this.#number += 1;
    const answer = new Promise<Answer>((resolve, reject) => (this.#settle = { resolve, reject }));
    socket.send(String(this.#number));
    const late = setTimeout(() => this.#settle?.reject(new Error('no answer')), patience);
    try {
      return await answer;
    } finally {
      clearTimeout(late);
      this.#settle = undefined;
    }
  }

  renew(): void {
    // Nobody closes a socket for datagrams.
  }

  close(): void {
    void this.#socket.then((socket) => socket.close());
  }

  /** Only a connected socket is told that a datagram was refused. */
  async #connected(port: number): Promise<Socket> {
    const socket = createSocket('udp4');
    socket.on('message', (message) => this.#take(message.toString('latin1')));
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', (error) => this.#fail(error));
    return socket;
  }

  #take(message: string): void {
    const [number = '', ...words] = message.split(' ');
    if (this.#settle !== undefined && number === String(this.#number)) {
      this.#settle.resolve({ body: words.join(' '), onKept: false });
      this.#settle = undefined;
    } else {
      this.#fail(new Error('an answer to a number that has one'));
    }
  }

  #fail(error: Error): void {
    if (this.#settle === undefined) this.#wrong = error;
    else this.#settle.reject(error);
  }
}
