/** The client's side of a control socket. */
import type { Socket } from 'node:net';
import { addon } from '../engine/addon.js';

/** A line longer than this comes from something else than a superdaemon. */
const longestLine = 1024 * 1024;

/** What a wait for a line has come to: the line, as a byte string, that the other side has closed, or that the time is over. */
export type Heard = { readonly line: string } | 'closed' | 'nothing';

/** How long somebody waits, as a TimeLimit is. */
interface Patience {
  readonly isOver: boolean;
  within(promise: Promise<void>): Promise<unknown>;
}

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

  /** Whoever does not wait for it any more has taken no line away from whoever asks next. */
  async next(limit: Patience): Promise<Heard> {
    while (this.#lines.length === 0 && !this.#hasEnded) {
      if (limit.isOver) return 'nothing';
      await limit.within(new Promise<void>((resolve) => (this.#wake = resolve)));
    }
    const line = this.#lines.shift();
    return line === undefined ? 'closed' : { line };
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
