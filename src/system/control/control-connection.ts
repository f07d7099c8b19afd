/** The client's side of a control socket. */
import type { Socket } from 'node:net';
import { addon } from '../engine/addon.js';

/** A line longer than this comes from something else than a superdaemon. */
const longestLine = 1024 * 1024;

export class ControlConnection {
  readonly #lines: string[] = [];
  #received = '';
  #hasEnded = false;
  #wake: () => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (data: string) => {
      this.#take(data);
    });
    socket.on('error', () => undefined); // it has ended, and `close` follows
    socket.on('close', () => {
      this.#hasEnded = true;
      this.#wake();
    });
  }

  /** Throws what the system refuses. */
  static async open(path: string): Promise<ControlConnection> {
    const fd = addon.connectTo(path);
    const net = await import('node:net');
    return new ControlConnection(new net.Socket({ fd, readable: true, writable: true }));
  }

  send(line: string): void {
    this.socket.write(`${line}\n`);
  }

  /** The next line, as a byte string; undefined when the other side has closed. */
  async next(): Promise<string | undefined> {
    while (this.#lines.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.#lines.shift();
  }

  close(): void {
    this.socket.destroy();
  }

  #take(data: string): void {
    const lines = (this.#received + data).split('\n');
    this.#received = lines.pop() ?? '';
    this.#lines.push(...lines);
    if (this.#received.length > longestLine) this.close();
    this.#wake();
  }
}
