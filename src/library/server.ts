import { EventEmitter } from 'node:events';
import { CancelRequests, type Asking } from '../service/cancel-requests.js';
import type { Service } from '../service/service.js';
import type { Inbox } from '../system/loop/inbox.js';
import { controlMessages } from '../core/text/control-messages.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { generationEvents } from '../core/loop/generation-events.js';
import { liveWorkers, type State } from '../core/loop/state.js';
import { StarterError } from '../core/text/starter-error.js';
import { failureInWords } from '../core/report/status-table.js';
import type { Step } from '../core/loop/step.js';
import { wasCancelled } from '../core/report/restart-ticket.js';
import type { Event, ToldWorker, Worker } from '../core/loop/types.js';
import { describeListener, type ServerListener } from './listeners.js';
import { cancelled } from './cancel.js';
import { readable } from './readable.js';
import { reconfigured, type ReconfigureOptions } from './reconfigure.js';

/** One run of the program. */
export interface ServerWorker {
  readonly pid: number;
  /** Counted from 1; failed starts count, too. */
  readonly generation: number;
}

export interface ServerEvents {
  /** A worker was forked; its probation, `interval`, begins. */
  spawned: [worker: ServerWorker];
  /** A worker has started well, and serves from now on. */
  started: [worker: ServerWorker];
  /** A worker died on probation, with this wait status; another one is tried. */
  failed: [worker: ServerWorker, status: number];
  /** A worker was sent the signal of this number: another one has taken its place, or the server stops. */
  retired: [worker: ServerWorker, signal: number];
  /** A worker that had started well has ended, with this wait status. */
  died: [worker: ServerWorker, status: number];
}

/** A program under a superdaemon in this process. */
export interface Server extends AsyncDisposable {
  /** What happens to the generations of the program. */
  readonly events: EventEmitter<ServerEvents>;
  /** The sockets: TCP and UDP before unix ones, each kind in the order in which it was given. */
  readonly listeners: readonly ServerListener[];
  /** Fulfilled with the exit code when the last worker is gone and everything is closed. */
  readonly ended: Promise<number>;
  /** Where the first TCP socket answers over HTTP on this machine. Throws where there is none. */
  readonly url: string;
  /** The worker that started well last and lives; undefined until there is one. */
  readonly worker: ServerWorker | undefined;
  /** All that live, old workers and one on probation, too. */
  readonly workers: readonly ServerWorker[];

  /**
   * The present worker, or the first one that starts well. Rejects when the server ends before, as it does by itself after
   * `maxFailures` starts that failed: with a StarterError whose message has the exit code of the program's last run,
   * and whose details are what that run has said, if there is a `logFile` from which it can be read.
   */
  started(): Promise<ServerWorker>;

  /**
   * Replaces the worker, as HUP does to the command, and gives the new one when it has started well; starts that fail
   * are tried again. Rejects when the server ends before, or, with the reason, when `signal` is aborted, which ends the
   * waiting only.
   */
  reload(options?: { readonly signal?: AbortSignal }): Promise<ServerWorker>;

  /**
   * Takes these options, all of them, in place of those before: sockets that both have stay open, new ones are opened before
   * the new worker starts, and those that are gone are closed after the old workers. Gives the new worker when it serves
   * alone. Rejects with a StarterError when the options are refused, or their worker fails; then nothing has changed.
   */
  reconfigure(options: ReconfigureOptions): Promise<ServerWorker>;

  /**
   * Gives up the restart that is under way, or options that are tried: the new worker has to end, and who served serves on,
   * which is given when that is so; undefined where it has ended meanwhile. `reload()` and `reconfigure()` that wait reject.
   * Rejects with a StarterError where nothing can be cancelled.
   */
  cancel(): Promise<ServerWorker | undefined>;

  /** Ends the workers with `signalOnTerm`, and gives the exit code when all is over. */
  stop(): Promise<number>;
}

/** Who waits for a worker to start. */
interface Waiting {
  /** The counter of generations when that was asked for. */
  readonly since: number;
  readonly take: (worker: ServerWorker) => void;
  readonly giveUp: (reason: Error) => void;
}

export class RunningServer implements Server {
  readonly events = new EventEmitter<ServerEvents>();
  readonly ended: Promise<number>;
  readonly #service: Service;
  readonly #inbox: Inbox;
  /** They are no listeners of the events, since ten of those make node warn. */
  readonly #waiting = new Set<Waiting>();
  readonly #cancels: CancelRequests<Asking>;
  #listeners: readonly ServerListener[];
  #current: Worker | undefined;
  #live: readonly Worker[] = [];
  #generation = 0;
  #hasEnded = false;

  /** Runs a service that is open; `end` is called after it, whatever happens. */
  constructor(service: Service, inbox: Inbox, end: () => Promise<void>) {
    this.#service = service;
    this.#inbox = inbox;
    this.#cancels = new CancelRequests<Asking>(new Map(), service.reconfiguration, inbox);
    this.#listeners = service.listeners.all.map(describeListener);
    this.ended = service
      .run((before, event, decision) => {
        this.#observe(before, event, decision);
      })
      .finally(async () => {
        this.#hasEnded = true;
        await end();
      });
  }

  get listeners(): readonly ServerListener[] {
    return this.#listeners;
  }

  get url(): string {
    const url = this.listeners.find((listener) => listener.url !== undefined)?.url;
    if (url === undefined) throw new Error('the server has no TCP socket; give option port, 0 for one that is free');
    return url;
  }

  get worker(): ServerWorker | undefined {
    return this.#current && shown(this.#current);
  }

  get workers(): readonly ServerWorker[] {
    return this.#live.map(shown);
  }

  async started(): Promise<ServerWorker> {
    return this.worker ?? readable(this.#nextWorker(0));
  }

  async reload({ signal }: { readonly signal?: AbortSignal } = {}): Promise<ServerWorker> {
    signal?.throwIfAborted();
    const newest = Math.max(0, ...this.#live.map(({ generation }) => generation));
    const replaced = readable(this.#nextWorker(newest, signal));
    this.#inbox.requestRestart();
    return replaced;
  }

  async reconfigure(options: ReconfigureOptions): Promise<ServerWorker> {
    const worker = reconfigured(this.#service.reconfiguration, options);
    const ended = this.ended.then(() => Promise.reject(this.#endedTooEarly(exitCodes.success.code, undefined)));
    return shown(await readable(Promise.race([worker, ended])));
  }

  async cancel(): Promise<ServerWorker | undefined> {
    if (this.#hasEnded) throw this.#endedTooEarly(exitCodes.success.code, undefined);
    return readable(cancelled(this.#cancels));
  }

  async stop(): Promise<number> {
    if (!this.#hasEnded) this.#inbox.requestStop('TERM');
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** The next worker that starts well and is of a later generation than this. */
  #nextWorker(generation: number, signal?: AbortSignal): Promise<ServerWorker> {
    return new Promise((resolve, reject) => {
      const take = (worker: ServerWorker): void => {
        if (worker.generation <= generation) return;
        leave();
        resolve(worker);
      };
      const giveUp = (reason: Error): void => {
        leave();
        reject(reason);
      };
      const abort = (): void => {
        giveUp(signal?.reason as Error);
      };
      const waiting: Waiting = { since: this.#generation, take, giveUp };
      const leave = (): void => {
        this.#waiting.delete(waiting);
        signal?.removeEventListener('abort', abort);
      };
      const end = (exitCode: number, cause?: unknown): void => {
        giveUp(this.#endedTooEarly(exitCode, cause));
      };
      this.#waiting.add(waiting);
      signal?.addEventListener('abort', abort);
      this.ended.then(end, (cause: unknown) => {
        end(exitCodes.internal.code, cause);
      });
    });
  }

  /** The code is that of the server, or 1 where it was told to end; the last failure tells what its program has said. */
  #endedTooEarly(exitCode: number, cause: unknown): StarterError {
    const failure = this.#service.failures.last?.report;
    const message = controlMessages.serverEnded(failure && failureInWords(failure));
    const code = exitCode === exitCodes.success.code ? exitCodes.usage.code : exitCode;
    return new StarterError({ message, exitCode: code }, cause, failure?.output ?? []);
  }

  #giveUpWaiting(before: State): void {
    const error = { message: controlMessages.restartCancelled(), exitCode: exitCodes.failedStart.code };
    for (const { since, giveUp } of this.#waiting)
      if (wasCancelled({ since, started: undefined }, before)) giveUp(new StarterError(error));
  }

  #observe(before: State, event: Event, decision: Step): void {
    this.#cancels.observe(before, event, decision.state);
    if (event.type === 'cancel') this.#giveUpWaiting(before);
    this.#generation = decision.state.generation;
    this.#live = liveWorkers(decision.state);
    this.#current = decision.state.current;
    if (decision.actions.some(({ type }) => type === 'adopt'))
      this.#listeners = this.#service.listeners.all.map(describeListener);
    for (const { type, worker, ...rest } of generationEvents(before, event, decision)) {
      // Called later, so that an error of a listener does not end the loop.
      queueMicrotask(() => {
        if (type === 'started') for (const { take } of this.#waiting) take(shown(worker));
        this.events.emit(type, shown(worker), ...(Object.values(rest) as [number]));
      });
    }
  }
}

function shown({ pid, generation }: ToldWorker): ServerWorker {
  return { pid, generation };
}
