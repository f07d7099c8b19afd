import { EventEmitter } from 'node:events';
import { CancelRequests, type Asking } from '../service/cancel-requests.js';
import type { Service } from '../service/service.js';
import type { Inbox } from '../system/loop/inbox.js';
import { controlMessages } from '../core/text/control-messages.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { generationEvents, type GenerationEvent } from '../core/loop/generation-events.js';
import { liveWorkers, type State } from '../core/loop/state.js';
import { StarterError } from '../core/text/starter-error.js';
import type { StatusReport } from '../core/report/status-report.js';
import { text } from '../system/engine/bytes.js';
import { failureInWords } from '../core/report/status-table.js';
import type { Step } from '../core/loop/step.js';
import { wasCancelled } from '../core/report/restart-ticket.js';
import type { Event, ToldWorker, Worker } from '../core/loop/types.js';
import { describeListener, type ServerListener } from './listeners.js';
import { cancelled } from './cancel.js';
import { readable } from './readable.js';
import { reconfigured, type ReconfigureOptions } from './reconfigure.js';
import type { Server, ServerEvents, ServerWorker } from './server.js';
import { endingOf } from './worker-ending.js';

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
  /** The counter of generations when no start was under way any more: failures up to then are past. */
  #settled = 0;
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
    const ended = this.ended.then((code) => Promise.reject(this.#endedTooEarly(code)));
    return shown(await readable(Promise.race([worker, ended])));
  }

  status(): StatusReport {
    // As a client of the control socket reads it: its texts are byte strings here.
    return JSON.parse(text(JSON.stringify(this.#service.report))) as StatusReport;
  }

  async cancel(): Promise<ServerWorker | undefined> {
    if (this.#hasEnded) throw this.#endedTooEarly(await this.ended);
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
  #endedTooEarly(exitCode: number, cause?: unknown): StarterError {
    const wasStopped = exitCode === exitCodes.success.code;
    const last = this.#service.failures.last?.report;
    const isPast = wasStopped && (last === undefined || last.generation <= this.#settled);
    const failure = isPast ? undefined : last;
    const message = isPast
      ? controlMessages.serverStopped()
      : controlMessages.serverEnded(failure && failureInWords(failure));
    const code = wasStopped ? exitCodes.usage.code : exitCode;
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
    if (decision.state.phase.name === 'running') this.#settled = this.#generation;
    this.#live = liveWorkers(decision.state);
    this.#current = decision.state.current;
    if (decision.actions.some(({ type }) => type === 'adopt'))
      this.#listeners = this.#service.listeners.all.map(describeListener);
    for (const happened of generationEvents(before, event, decision)) {
      const tell = this.#telling(happened);
      // Called later, so that an error of a listener does not end the loop.
      queueMicrotask(tell);
    }
  }

  #telling(happened: GenerationEvent): () => void {
    const { type } = happened;
    const worker = shown(happened.worker);
    switch (type) {
      case 'spawned':
        return () => this.events.emit(type, worker);
      case 'started':
        return () => {
          for (const { take } of this.#waiting) take(worker);
          this.events.emit(type, worker);
        };
      case 'retired':
        return () => this.events.emit(type, worker, happened.signal);
      case 'failed':
      case 'died': {
        const ending = endingOf(happened.status, worker.generation, this.#service.failures.last?.report);
        return () => this.events.emit(type, worker, happened.status, ending);
      }
    }
  }
}

function shown({ pid, generation }: ToldWorker): ServerWorker {
  return { pid, generation };
}
