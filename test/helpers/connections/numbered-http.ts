/** A client of HTTP/1 that numbers its requests, and a server that answers with the numbers. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Test } from 'tap';
import { eventually } from '../eventually.js';
import { answersIn, type Answer } from './http1-answers.js';
import type { Way } from './http1-ways.js';
import { RawClient } from './raw-client.js';

export class NumberedClient {
  readonly raw: RawClient;
  readonly #way: Partial<Way>;
  #asked = 0;
  #sent = 0;

  constructor(t: Test, server: Server, way: Partial<Way> = {}) {
    const { port } = server.address() as AddressInfo; // of a TCP server
    this.raw = new RawClient(t, { port }, { secure: 'addContext' in server });
    this.#way = way;
  }

  /** Sends the next requests, all of them in one piece. */
  ask(count = 1): void {
    const { method = 'GET', version = '1.1', headers = '' } = this.#way;
    const numbers = Array.from({ length: count }, () => (this.#asked += 1));
    const head = (number: number) => `${method} /${String(number)} HTTP/${version}\r\nHost: test\r\n${headers}\r\n`;
    this.send(numbers.map(head).join(''));
  }

  send(text: string): void {
    this.#sent += text.length;
    this.raw.socket.write(text);
  }

  /** How many bytes were sent. */
  get sent(): number {
    return this.#sent;
  }

  get answers(): Answer[] {
    return answersIn(this.raw.received, this.#way.method);
  }

  /** The numbers of the requests that were answered. */
  get answered(): number[] {
    return this.answers.map(({ reason }) => Number(reason));
  }

  /** Which of the answers said that they are the last one. */
  get last(): number[] {
    return this.answers.filter(({ closes }) => closes).map(({ reason }) => Number(reason));
  }

  async sees(count: number): Promise<void> {
    await eventually(`${String(count)} answers`, () => this.answers.length >= count, { seen: () => this.raw.received });
  }
}

/** Answers at once, or holds the answers until the test wants them. */
export class NumberedServer {
  readonly asked: number[] = [];
  readonly #held: (() => void)[] = [];
  #socket: Socket | undefined;
  isHolding = false;

  constructor(
    readonly server: Server,
    { event = 'request', prepare, answer = (response) => response.end('body') }: Partial<Way> = {},
  ) {
    server.on(event, ({ url = '', socket }: IncomingMessage, response: ServerResponse) => {
      response.statusMessage = url.slice(1);
      prepare?.(response);
      this.asked.push(Number(url.slice(1)));
      this.#socket = socket;
      if (this.isHolding) this.#held.push(() => answer(response));
      else answer(response);
    });
  }

  /** Waits until this number of requests has come. */
  async knows(count: number): Promise<void> {
    await eventually(`${String(count)} requests`, () => this.asked.length >= count);
  }

  /** Waits until all is read that a client has sent; it has to be the only one. */
  async hasRead({ sent }: NumberedClient): Promise<void> {
    await eventually('its bytes', () => this.#socket?.bytesRead === sent);
  }

  /** Answers some of what it has held, the last ones first, as a program might. */
  release(count = this.#held.length): void {
    for (const answer of this.#held.splice(-count).reverse()) answer();
  }
}
