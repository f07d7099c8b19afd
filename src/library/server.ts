import type { EventEmitter } from 'node:events';
import type { StatusReport } from '../core/report/status-report.js';
import type { ServerListener } from './listeners.js';
import type { ReconfigureOptions } from './reconfigure.js';
import type { WorkerEnding } from './worker-ending.js';

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
  failed: [worker: ServerWorker, status: number, ending: WorkerEnding];
  /** A worker was sent the signal of this number: another one has taken its place, or the server stops. */
  retired: [worker: ServerWorker, signal: number];
  /** A worker that had started well has ended, with this wait status. */
  died: [worker: ServerWorker, status: number, ending: WorkerEnding];
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

  /** What `--show-status --json` prints: workers, sockets, the last failure, and what was counted since the start. */
  status(): StatusReport;

  /**
   * Gives up the restart that is under way, or options that are tried: the new worker has to end, and who served serves on,
   * which is given when that is so; undefined where it has ended meanwhile. `reload()` and `reconfigure()` that wait reject.
   * Rejects with a StarterError where nothing can be cancelled.
   */
  cancel(): Promise<ServerWorker | undefined>;

  /** Ends the workers with `signalOnTerm`, and gives the exit code when all is over. */
  stop(): Promise<number>;
}
