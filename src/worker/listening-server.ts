import cluster from 'node:cluster';
import type { AddressInfo } from 'node:net';
import type { AnyServer, Ending } from './ending.js';
import { longestTimer, type ListenSettings } from './options.js';
import { isUnderStartServer } from './server-ports.js';
import { whenSignalled } from './signals.js';

/** A server that listens, and ends gracefully when the process is told to end. */
export interface Listening {
  /** What `server.address()` says; for a unix socket of start_server, its name. */
  readonly address: AddressInfo | string;
  /** Resolves when the server has been told to end, by a signal or `close()`: end here what clients would wait for. */
  readonly retired: Promise<void>;
  /**
   * Resolves when the server is closed: all its connections have ended or were cut, and `drain` is done. Rejects, then
   * too, with what `drain` threw.
   */
  readonly closed: Promise<void>;
  /** Ends the server as the signal does, and gives `closed`. May be called more than once. */
  close(): Promise<void>;
}

let services = 0;

/** Watches over a server that has just begun to listen. */
export class ListeningServer implements Listening {
  readonly address: AddressInfo | string;
  readonly retired: Promise<void>;
  readonly closed: Promise<void>;
  readonly #ending: Ending;
  readonly #settings: ListenSettings;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #atLimit: Promise<void>;
  #drained: Promise<unknown> = Promise.resolve();
  #isRetired = false;
  #tellRetired = nothing;
  #reachLimit = nothing;

  /** `name`: for a server that cannot tell its address. */
  constructor(server: AnyServer, ending: Ending, settings: ListenSettings, name: string) {
    this.#ending = ending;
    this.#settings = settings;
    // Null for a unix socket that node has not bound itself.
    this.address = server.address() ?? name;
    this.retired = new Promise((resolve) => (this.#tellRetired = resolve));
    this.#atLimit = new Promise((resolve) => (this.#reachLimit = resolve));
    this.closed = this.#closed(server);
  }

  close(): Promise<void> {
    this.#retire();
    return this.closed;
  }

  async #closed(server: AnyServer): Promise<void> {
    services += 1;
    const closed = new Promise<void>((resolve) => server.once('close', resolve));
    const forget = whenSignalled(this.#signals(), (signal) => this.#signalled(signal));
    await closed;
    this.#tellRetired(); // the program may have closed the server itself
    try {
      await Promise.race([this.#drained, this.#atLimit]);
    } finally {
      for (const timer of this.#timers) clearTimeout(timer);
      forget();
      services -= 1;
      // A process of node:cluster would be kept running by its channel to the primary.
      if (services === 0 && cluster.isWorker) process.channel?.unref();
    }
  }

  /** At INT and QUIT start_server sends TERM to its workers, whatever its options say. */
  #signals(): NodeJS.Signals[] {
    const { retireSignals } = this.#settings;
    return isUnderStartServer() ? [...retireSignals, 'SIGINT', 'SIGTERM'] : [...retireSignals, 'SIGINT'];
  }

  /** Ctrl-C reaches a worker in a terminal as well as start_server, which then sends TERM: both mean the same. */
  #signalled(signal: NodeJS.Signals): void {
    this.#retire();
    // Without start_server somebody is developing, and does not want to wait.
    if (!this.#settings.retireSignals.includes(signal) && !isUnderStartServer()) this.#cut();
  }

  #retire(): void {
    if (this.#isRetired) return;
    this.#isRetired = true;
    this.#tellRetired();
    this.#drained = settled(this.#settings.drain);
    this.#ending.retire(this.#drained);
    this.#after(this.#settings.grace, () => this.#ending.release());
    this.#after(this.#settings.limit, () => this.#cut());
  }

  #cut(): void {
    this.#reachLimit();
    this.#ending.cut();
  }

  /** The timer does not keep the process running: open connections do, and without any there is nothing to wait for. */
  #after(milliseconds: number, act: () => void): void {
    if (milliseconds <= longestTimer) this.#timers.push(setTimeout(act, milliseconds).unref());
  }
}

/** A failure of `drain` is told by `closed`, and does not end the process before. */
function settled(drain: () => unknown): Promise<unknown> {
  const drained = new Promise((resolve) => resolve(drain()));
  drained.catch(nothing);
  return drained;
}

function nothing(): void {
  // nothing to tell
}
