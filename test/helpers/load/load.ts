import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

/** A port of the loopback interface, or the path of a unix socket. */
export type Address = number | string;

export interface LoadOptions {
  /** The addresses at which clients ask; each has as many clients as the others. */
  readonly addresses: readonly Address[];
  /** Makes a client that speaks something else than HTTP. */
  readonly client?: (address: Address, keepAlive: boolean) => Client;
  /** Clients that ask at the same time, each one request after another. */
  readonly connections?: number;
  /** How many of them keep their connection; the others open one for every request. */
  readonly keptAlive?: number;
  /**
   * Milliseconds between an answer and the next request of the same client; a client also pauses at least as long as it
   * has waited for the answer, so that even on a slow machine a server has moments without a request.
   */
  readonly thinking?: number;
  /** The load ends by itself after this many seconds, or requests. */
  readonly seconds?: number;
  readonly requests?: number;
}

/** A client that asks for an answer, and asks again when it has it. */
export interface Client {
  ask(): Promise<Answer>;
  /** Closes the connection that it has kept: that has been idle for so long that the server may be about to close it. */
  renew(): void;
  close(): void;
}

export interface Answer {
  readonly body: string;
  /** Whether it came on a connection that had served another request before. */
  readonly onKept: boolean;
}

export interface LoadReport {
  /** All requests that were begun, failed ones included; every one of them has ended. */
  readonly requests: number;
  /** How many were answered on a connection that had served another request before. */
  readonly onKept: number;
  /** How often each thing went wrong: `ECONNREFUSED`, `ECONNRESET on a kept connection`, `status 500` ... */
  readonly failures: Readonly<Record<string, number>>;
  /** How many requests each generation answered. */
  readonly generations: ReadonlyMap<number, number>;
  /** How many were answered at each address. */
  readonly addresses: ReadonlyMap<Address, number>;
}

/** The answer of examples/http-worker.js and examples/psgi/app.psgi. A body that was cut short does not match. */
const answer = /^generation (\d+), pid \d+\n$/;

/** Milliseconds after which a request counts as failed: nobody will answer it. */
export const patience = 90_000;

/**
 * For how many milliseconds longer than `thinking` a connection may be idle, on a busy machine. The servers in question
 * close idle connections after a second at the earliest.
 */
const longestIdle = 300;

/** Clients that ask a server over and over, from now until stop() or a limit, and remember everything that failed. */
export class Load {
  readonly #options: Required<LoadOptions>;
  readonly #end: number;
  readonly #clients: Promise<void>[];
  readonly #failures: Record<string, number> = {};
  readonly #generations = new Map<number, number>();
  readonly #addresses = new Map<Address, number>();
  #requests = 0;
  #onKept = 0;
  #stopped = false;

  constructor(options: LoadOptions) {
    this.#options = { ...defaults, ...options };
    this.#end = performance.now() + this.#options.seconds * 1000;
    const { connections, keptAlive, addresses } = this.#options;
    this.#clients = Array.from({ length: connections }, (_, index) => {
      // Each of the two kinds of clients is spread over the addresses for itself.
      const keepAlive = index < keptAlive;
      const address = addresses[(keepAlive ? index : index - keptAlive) % addresses.length] ?? NaN;
      return this.#client(address, keepAlive);
    });
  }

  get report(): LoadReport {
    return {
      requests: this.#requests,
      onKept: this.#onKept,
      failures: this.#failures,
      generations: this.#generations,
      addresses: this.#addresses,
    };
  }

  /** Begins no more requests and waits for the end of those under way. */
  async stop(): Promise<LoadReport> {
    this.#stopped = true;
    return this.settled();
  }

  /** Waits for a limit. */
  async settled(): Promise<LoadReport> {
    await Promise.all(this.#clients);
    return this.report;
  }

  async #client(address: Address, keepAlive: boolean): Promise<void> {
    const client = this.#options.client(address, keepAlive);
    while (!this.#stopped && performance.now() < this.#end && this.#requests < this.#options.requests) {
      this.#requests += 1;
      const asked = performance.now();
      await this.#ask(client, address);
      const answered = performance.now();
      await pause(Math.max(this.#options.thinking, answered - asked));
      if (performance.now() - answered > this.#options.thinking + longestIdle) client.renew();
    }
    client.close();
  }

  async #ask(client: Client, address: Address): Promise<void> {
    try {
      const { body, onKept } = await client.ask();
      const generation = Number(answer.exec(body)?.[1] ?? NaN);
      if (Number.isNaN(generation)) throw new Error(`a body of ${JSON.stringify(body)}`);
      if (onKept) this.#onKept += 1;
      count(this.#generations, generation);
      count(this.#addresses, address);
    } catch (error) {
      const reason = reasonOf(error);
      this.#failures[reason] = (this.#failures[reason] ?? 0) + 1;
    }
  }
}

/** A client could ask again when it finds its kept connection closed; here that counts as a failure. */
class HttpClient implements Client {
  readonly #keepAlive: boolean;
  readonly #address: Address;
  #agent: Agent;

  constructor(address: Address, keepAlive: boolean) {
    this.#address = address;
    this.#keepAlive = keepAlive;
    this.#agent = this.#newAgent();
  }

  async ask(): Promise<Answer> {
    const address = this.#address;
    const where = typeof address === 'number' ? { port: address, host: '127.0.0.1' } : { socketPath: address };
    const sent = request({ ...where, agent: this.#agent, timeout: patience });
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    try {
      const [response] = (await once(sent.end(), 'response')) as [IncomingMessage];
      const body = await text(response);
      if (response.statusCode !== 200) throw new Error(`status ${String(response.statusCode)}`);
      return { body, onKept: sent.reusedSocket };
    } catch (error) {
      throw sent.reusedSocket ? new Error(`${reasonOf(error)} on a kept connection`) : error;
    }
  }

  renew(): void {
    this.#agent.destroy();
    this.#agent = this.#newAgent();
  }

  close(): void {
    this.#agent.destroy();
  }

  #newAgent(): Agent {
    return new Agent({ keepAlive: this.#keepAlive, maxSockets: 1 });
  }
}

const defaults = {
  client: (address: Address, keepAlive: boolean) => new HttpClient(address, keepAlive),
  connections: 50,
  keptAlive: 25,
  thinking: 50,
  seconds: 500,
  requests: 500_000,
};

function count<T>(counts: Map<T, number>, what: T): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}
