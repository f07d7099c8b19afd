/** One client of a control socket: a line is taken from it, and answers are given to it. Nothing it does can delay us. */
import type { Socket } from 'node:net';
import type { Answer } from '../../core/report/control-protocol.js';
import { text } from '../engine/bytes.js';

/** Of lines that the client does not read, or of what it sends without being asked. */
const mostBytes = 64 * 1024;

/** What is made of a client, and told to it where nothing can be made of it. A line is a byte string without a newline. */
export interface PeerParts {
  request(peer: ControlPeer, line: string): void;
  /** How many bytes a request may have that begins like this. */
  readonly longest: (beginning: string) => number;
  /** It has closed its side after its request: it may still listen or be gone, which `send` would tell. */
  halfClosed(peer: ControlPeer): void;
  /** It is gone. Called once, also after the end. */
  gone(peer: ControlPeer): void;
  /** The answers to a request that is too long, and to one that did not come in time. */
  readonly tooLong: (longest: number) => Answer;
  readonly tooLate: Answer;
  /** Milliseconds for the request, and after the last line for the client to go. */
  readonly patience: number;
}

/** It has not asked yet; it was asked and is waited with; it has been given its last line. */
export type PeerPhase = 'asking' | 'served' | 'ended';

export class ControlPeer {
  #received = '';
  #unasked = 0;
  #phase: PeerPhase = 'asking';
  #isHalfClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly parts: PeerParts,
  ) {
    socket.setEncoding('latin1');
    socket.on('data', (data: string) => {
      this.#take(data);
    });
    socket.on('end', () => {
      this.#halfClosed();
    });
    socket.on('error', () => undefined); // it went away, and `close` follows
    socket.on('close', () => {
      clearTimeout(this.#timer);
      parts.gone(this);
    });
    this.#limit(() => {
      this.end(parts.tooLate);
    });
  }

  get phase(): PeerPhase {
    return this.#phase;
  }

  /** Whether it has closed its side, after which it may still listen or be gone, or does not read what it is told. */
  get isDispensable(): boolean {
    return this.#isHalfClosed || this.socket.writableLength > 0;
  }

  /** One answer of several. A client that does not read them is dropped. */
  send(answer: Answer): void {
    if (this.#phase === 'ended') return;
    // By what it has left unread before: one answer alone may be long.
    if (this.socket.writableLength > mostBytes) this.socket.destroy();
    else this.socket.write(encoded(answer));
  }

  /** The last answer, or none. What is small is written before this returns. */
  end(answer?: Answer): void {
    if (this.#phase === 'ended') return;
    if (answer !== undefined) this.send(answer);
    this.#phase = 'ended';
    this.socket.end();
    // What it goes on sending is read meanwhile: a close before that would take the answer away from it.
    this.#limit(() => {
      this.drop();
    });
  }

  /** Ends it without waiting for what it has not read. */
  drop(): void {
    this.#phase = 'ended';
    this.socket.destroy();
  }

  #take(data: string): void {
    if (this.#phase !== 'asking') {
      this.#unasked += data.length;
      if (this.#unasked > mostBytes) this.socket.destroy();
      return;
    }
    this.#received += data;
    const end = this.#received.indexOf('\n');
    const longest = this.parts.longest(this.#received);
    if ((end < 0 ? this.#received.length : end) > longest) this.end(this.parts.tooLong(longest));
    else if (end >= 0) this.#serve(this.#received.slice(0, end));
  }

  #halfClosed(): void {
    this.#isHalfClosed = true;
    if (this.#phase === 'ended') this.socket.destroySoon(); // what it was told is still being written
    if (this.#phase === 'asking' && this.#received === '') {
      this.socket.destroy(); // somebody has looked whether we are here
      return;
    }
    if (this.#phase === 'asking') this.#serve(this.#received);
    this.parts.halfClosed(this);
  }

  #serve(line: string): void {
    this.#phase = 'served';
    this.#received = '';
    clearTimeout(this.#timer);
    this.parts.request(this, line);
  }

  #limit(act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, this.parts.patience);
  }
}

/** One line. JSON is UTF-8, so what is not in a path or in the output of a worker is replaced. */
function encoded(answer: Answer): string {
  return `${text(JSON.stringify(answer))}\n`;
}
