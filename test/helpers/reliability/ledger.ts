/** Clients that number every connection, request and datagram, and keep account of what became of each. */
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../eventually.js';

export interface LedgerOptions {
  readonly port: number;
  readonly path: string;
  /** Where this is undefined, no datagrams are sent. */
  readonly udpPort?: number | undefined;
  /** How many clients there are of TCP, and again of unix sockets. */
  readonly clients?: number;
  /** Milliseconds after which an answer will not come any more. */
  readonly patience?: number;
}

/** How many requests ended in which way; `answered` means once, and with the right number. */
export interface Account {
  connections: number;
  requests: number;
  datagrams: number;
  answered: number;
  refused: number;
  /** Connections that were cut, by whether a worker had taken them. */
  resetWhenTaken: number;
  resetWhenWaiting: number;
  twice: number;
  wrong: number;
  unanswered: number;
}

/** How many datagrams may be on their way at once: with more, the system's buffer would overflow while nobody reads. */
const mostDatagrams = 100;

export class Ledger {
  readonly account: Account = {
    ...{ connections: 0, requests: 0, datagrams: 0, answered: 0, refused: 0 },
    ...{ resetWhenTaken: 0, resetWhenWaiting: 0, twice: 0, wrong: 0, unanswered: 0 },
  };
  newestGeneration = 0;
  readonly #clients: Promise<void>[];
  readonly #patience: number;
  #stopped = false;

  constructor(options: LedgerOptions) {
    const { port, path, udpPort, clients = 4, patience = 30_000 } = options;
    this.#patience = patience;
    const streams = Array.from({ length: clients }).flatMap(() => [
      () => connect(port, '127.0.0.1'),
      () => connect(path),
    ]);
    this.#clients = streams.map((open) => this.#stream(open));
    if (udpPort !== undefined) this.#clients.push(this.#datagrams(udpPort));
  }

  /** What went wrong, by its name; empty when every number was answered exactly once. */
  get wrongs(): Partial<Account> {
    const { refused, resetWhenTaken, resetWhenWaiting, twice, wrong, unanswered, answered } = this.account;
    const missing = this.account.requests + this.account.datagrams - answered;
    const all = { refused, resetWhenTaken, resetWhenWaiting, twice, wrong, unanswered, missing };
    return Object.fromEntries(Object.entries(all).filter(([, times]) => times !== 0));
  }

  /** Begins nothing more. */
  stop(): void {
    this.#stopped = true;
  }

  /** Begins nothing more and waits for what is open. */
  async settle(): Promise<Account> {
    this.stop();
    await Promise.all(this.#clients);
    return this.account;
  }

  /** Waits for an answer of a worker newer than this. */
  async answeredAfter(generation: number): Promise<void> {
    await eventually(
      `an answer of a generation after ${String(generation)}`,
      () => this.newestGeneration > generation,
      {
        seconds: 60,
        seen: () => JSON.stringify(this.account),
      },
    );
  }

  async #stream(open: () => Socket): Promise<void> {
    while (!this.#stopped) {
      this.account.connections += 1;
      const connection = this.account.connections;
      await this.#connection(new NumberedConnection(open(), this.#patience), connection, 1 + (connection % 3));
      await pause(5);
    }
  }

  async #connection(client: NumberedConnection, connection: number, requests: number): Promise<void> {
    const { account } = this;
    for (let request = 1; request <= requests; request += 1) {
      account.requests += 1;
      const question = `${String(connection)} ${String(request)}`;
      const answer = await client.ask(question);
      const [, generation, echo] = /^(\d+) (.*)$/.exec(answer) ?? [];
      if (generation === undefined) {
        this.#count(answer, client.isTaken);
        return;
      }
      if (echo === question) account.answered += 1;
      else account.wrong += 1;
      this.newestGeneration = Math.max(this.newestGeneration, Number(generation));
      await pause(2);
    }
    account.twice += await client.end();
  }

  #count(failure: string, isTaken: boolean): void {
    if (failure === 'ECONNREFUSED' || failure === 'ENOENT') this.account.refused += 1;
    else if (failure === 'unanswered') this.account.unanswered += 1;
    else if (isTaken) this.account.resetWhenTaken += 1;
    else this.account.resetWhenWaiting += 1;
  }

  async #datagrams(port: number): Promise<void> {
    const socket = createSocket('udp4');
    const open = new Set<number>();
    socket.on('message', (message) => this.#takeDatagram(open, message.toString('latin1')));
    socket.on('error', () => (this.account.refused += 1));
    socket.connect(port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    while (!this.#stopped) {
      if (open.size < mostDatagrams) this.#send(socket, open);
      await pause(5);
    }
    const end = performance.now() + this.#patience;
    while (open.size > 0 && performance.now() < end) await pause(10);
    this.account.unanswered += open.size;
    socket.close();
  }

  #send(socket: DatagramSocket, open: Set<number>): void {
    this.account.datagrams += 1;
    open.add(this.account.datagrams);
    socket.send(String(this.account.datagrams));
  }

  #takeDatagram(open: Set<number>, message: string): void {
    const [generation = '', number = ''] = message.split(' ');
    if (open.delete(Number(number))) this.account.answered += 1;
    else this.account.twice += 1;
    this.newestGeneration = Math.max(this.newestGeneration, Number(generation));
  }
}

/** A client that asks one question at a time. Answers to no question are kept: they are counted as having come twice. */
class NumberedConnection {
  readonly #socket: Socket;
  #lines: string[] = [];
  #rest = '';
  #failure: string | undefined;
  #wake: () => void = () => undefined;
  isTaken = false;

  constructor(
    socket: Socket,
    private readonly patience: number,
  ) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('data', (text: string) => this.#take(text));
    socket.on('error', (error) => this.#fail('code' in error ? String(error.code) : error.message));
    socket.on('close', () => this.#fail('closed'));
  }

  /** The answer, or what came in its place: an error code, `closed`, `unanswered`. */
  async ask(question: string): Promise<string> {
    this.#socket.write(`${question}\n`);
    const late = setTimeout(() => this.#fail('unanswered'), this.patience);
    await this.#until(() => this.#lines.length > 0 || this.#failure !== undefined);
    clearTimeout(late);
    const answer = this.#lines.shift() ?? this.#failure ?? '';
    if (this.#failure !== undefined) this.#socket.destroy();
    return answer;
  }

  /** Ends its side, waits until the worker has, and gives how many answers came that nobody had asked for. */
  async end(): Promise<number> {
    this.#socket.end();
    const late = setTimeout(() => this.#fail('unanswered'), this.patience);
    await this.#until(() => this.#failure !== undefined);
    clearTimeout(late);
    this.#socket.destroy();
    return this.#lines.length;
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (lines[0]?.startsWith('hello ') === true && !this.isTaken) {
      this.isTaken = true;
      lines.shift();
    }
    this.#lines.push(...lines);
    this.#wake();
  }

  #fail(reason: string): void {
    this.#failure ??= reason;
    this.#wake();
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
