import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { Test } from 'tap';
import { eventually } from '../eventually.js';
import { pskClient } from './psk.js';

/** A connection whose bytes a test sends and sees itself. */
export class RawClient {
  readonly socket: Socket;
  #received = '';
  #ended = false;

  constructor(t: Test, where: ConnectionOptions, { secure = false } = {}) {
    this.socket = secure
      ? connectTls({ ...where, ...pskClient })
      : 'path' in where
        ? connect(String(where.path))
        : connect(Number(where.port), '127.0.0.1');
    this.socket.setEncoding('latin1').on('data', (text: string) => (this.#received += text));
    // A connection that was cut has ended, too.
    this.socket.on('error', () => undefined).on('close', () => (this.#ended = true));
    t.teardown(() => this.socket.destroy());
  }

  /** Whether the connection is closed. */
  get ended(): boolean {
    return this.#ended;
  }

  get received(): string {
    return this.#received;
  }

  /** A request that keeps its connection. */
  ask(path = '/'): void {
    this.socket.write(`GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`);
  }

  async sees(expected: RegExp): Promise<void> {
    await eventually(String(expected), () => expected.test(this.#received), { seen: () => this.#received });
  }

  async closed(): Promise<void> {
    await eventually('the end of the connection', () => this.#ended, { seen: () => this.#received });
  }
}
