import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

export interface LoadOptions {
  /** On the loopback interface. */
  readonly port: number;
  /** Clients that ask at the same time, each one request after another. */
  readonly connections?: number;
  /** How many of them keep their connection; the others open one for every request. */
  readonly keptAlive?: number;
  /** Milliseconds between an answer and the next request of the same client. */
  readonly thinking?: number;
  /** The load ends by itself after this many seconds, or requests. */
  readonly seconds?: number;
  readonly requests?: number;
}

export interface LoadReport {
  /** All that were begun, failed ones included; every one of them has ended. */
  readonly requests: number;
  /** How many were answered on a connection that had served another one before. */
  readonly onKept: number;
  /** How often each thing went wrong: `ECONNREFUSED`, `ECONNRESET on a kept connection`, `status 500` ... */
  readonly failures: Readonly<Record<string, number>>;
  /** How many requests each generation answered. */
  readonly generations: ReadonlyMap<number, number>;
}

/** What examples/http-worker.js and test/fixtures/app.psgi answer. A body that was cut short does not match. */
const answer = /^generation (\d+), pid \d+\n$/;

/** Past this a request counts as failed: nobody will answer it. */
const patience = 10_000;

/** Clients that ask a server over and over, from now until stop() or a limit, and remember everything that failed. */
export class Load {
  readonly #options: Required<LoadOptions>;
  readonly #end: number;
  readonly #clients: Promise<void>[];
  readonly #failures: Record<string, number> = {};
  readonly #generations = new Map<number, number>();
  #requests = 0;
  #onKept = 0;
  #stopped = false;

  constructor(options: LoadOptions) {
    this.#options = { connections: 50, keptAlive: 25, thinking: 10, seconds: 90, requests: 500_000, ...options };
    this.#end = performance.now() + this.#options.seconds * 1000;
    const { connections, keptAlive } = this.#options;
    this.#clients = Array.from({ length: connections }, (_, index) => this.#client(index < keptAlive));
  }

  get report(): LoadReport {
    return { requests: this.#requests, onKept: this.#onKept, failures: this.#failures, generations: this.#generations };
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

  async #client(keepAlive: boolean): Promise<void> {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    while (!this.#stopped && performance.now() < this.#end && this.#requests < this.#options.requests) {
      this.#requests += 1;
      await this.#ask(agent);
      await pause(this.#options.thinking);
    }
    agent.destroy();
  }

  /** One request. A client that finds its kept connection closed could ask again; here that counts as a failure. */
  async #ask(agent: Agent): Promise<void> {
    const sent = request({ port: this.#options.port, host: '127.0.0.1', agent, timeout: patience });
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    try {
      const [response] = (await once(sent.end(), 'response')) as [IncomingMessage];
      const body = await text(response);
      if (response.statusCode !== 200) throw new Error(`status ${String(response.statusCode)}`);
      const generation = Number(answer.exec(body)?.[1] ?? NaN);
      if (Number.isNaN(generation)) throw new Error(`a body of ${JSON.stringify(body)}`);
      if (sent.reusedSocket) this.#onKept += 1;
      this.#generations.set(generation, (this.#generations.get(generation) ?? 0) + 1);
    } catch (error) {
      const reason = reasonOf(error) + (sent.reusedSocket ? ' on a kept connection' : '');
      this.#failures[reason] = (this.#failures[reason] ?? 0) + 1;
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}
