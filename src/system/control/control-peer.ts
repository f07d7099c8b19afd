/** One client of a control socket: a line is taken from it, and answers are given to it. Nothing it does can delay us. */
import type { Socket } from 'node:net';
import type { Answer } from '../../core/report/control-protocol.js';
import { text } from '../engine/bytes.js';
import { descriptorOf } from './socket-descriptor.js';

/** How much may wait of lines that the client does not read, and of what it sends without being asked. */
const mostBytes = 64 * 1024;

/** Who acts on a client, and what a bad client is told. A line is a byte string without a newline. */
export interface PeerParts {
  request(peer: ControlPeer, line: string): void;
  /** How many bytes a request may have that begins like this. */
  readonly longest: (beginning: string) => number;
  /** It has closed its side, and is served on, though it may be gone, which `send` would tell. */
  silent(peer: ControlPeer): void;
  /** The client is gone. Called once, even if it was given its last answer. */
  gone(peer: ControlPeer): void;
  /** The answers to a request that is too long, and to one that did not come in time. */
  readonly tooLong: (longest: number) => Answer;
  readonly tooLate: Answer;
  /** Milliseconds that a client has to send its request, and again to go after the last answer. */
  readonly patience: number;
}

/** The client has not asked yet; it has asked, and waits for answers; it was given its last answer. */
export type PeerPhase = 'asking' | 'served' | 'ended';

/** How far a client has come, and how much of its request is there. */
export interface PeerProgress {
  readonly phase: PeerPhase;
  readonly received: string;
}

export class ControlPeer {
  #received: string;
  #unasked = 0;
  #phase: PeerPhase;
  #isHalfClosed = false;
  #timer: NodeJS.Timeout | undefined;

  /** `phase` and `received`: how far the client had come in the image before. */
  constructor(
    private readonly socket: Socket,
    private readonly parts: PeerParts,
    { phase, received }: PeerProgress = { phase: 'asking', received: '' },
  ) {
    this.#phase = phase;
    this.#received = received;
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
    if (phase === 'asking') {
      this.#limit(() => {
        this.end(parts.tooLate);
      });
    } else if (phase === 'ended') {
      socket.end(); // the image before may not have come to it
      this.#limitEnd();
    }
  }

  get progress(): PeerProgress {
    return { phase: this.#phase, received: this.#received };
  }

  /** The descriptor of its socket; undefined where the client is gone, or has not read all that it was told. */
  get descriptor(): number | undefined {
    return this.socket.writableLength > 0 ? undefined : descriptorOf(this.socket);
  }

  get phase(): PeerPhase {
    return this.#phase;
  }

  /** Whether it has closed its side. */
  get isSilent(): boolean {
    return this.#isHalfClosed;
  }

  /** Whether the client does not read what it is told, or has closed its side, so that it may be gone. */
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

  /** Gives the last answer, if any, and ends the connection. A short answer is written before this returns. */
  end(answer?: Answer): void {
    if (this.#phase === 'ended') return;
    if (answer !== undefined) this.send(answer);
    this.#phase = 'ended';
    this.socket.end();
    this.#limitEnd();
  }

  /** Ends the connection without waiting for the client to read. */
  drop(): void {
    this.#phase = 'ended';
    this.socket.destroy();
  }

  /** Until then, what the client still sends is read: to close with that unread would destroy the answer on its way. */
  #limitEnd(): void {
    this.#limit(() => {
      this.drop();
    });
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
    if (this.progress.phase === 'served') this.parts.silent(this);
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

/** One line. JSON is UTF-8, so other bytes in a path or in the output of a worker are replaced. */
function encoded(answer: Answer): string {
  return `${text(JSON.stringify(answer))}\n`;
}
