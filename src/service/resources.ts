import type { OutlivingWorkers } from './outliving-workers.js';
import type { TakeOver } from './take-over.js';
import type { ListenFds } from '../core/manager/listen-fds.js';
import type { Manager } from './manager.js';
import type { Readiness } from '../system/readiness/readiness.js';
import type { Control } from './control.js';
import type { FailureMemory } from './failure-memory.js';
import type { Listeners } from './listeners.js';
import type { Log } from './log.js';
import type { RunPidFile } from './pid-file.js';
import type { Say } from './say.js';
import type { RunStatusFile } from './status-file.js';
import type { WorkerEnvironment } from './worker-environment.js';
import type { WorkerOutput } from './worker-output.js';
import type { WorkerWords } from './worker-words.js';

/** All that a service has open, or remembers. */
export interface Resources {
  readonly environment: WorkerEnvironment;
  readonly log: Log;
  readonly workerOutput: WorkerOutput;
  readonly say: Say;
  readonly pidFile: RunPidFile | undefined;
  readonly statusFile: RunStatusFile | undefined;
  readonly failures: FailureMemory;
  readonly outliving: OutlivingWorkers;
  readonly listeners: Listeners;
  /** Sockets that other processes had, and may still have. */
  readonly takeOver: TakeOver;
  /** What workers are told about sockets by LISTEN_FDS. */
  readonly listenFds: ListenFds;
  /** Undefined where no manager is to be told what happens. */
  readonly manager: Manager | undefined;
  readonly control: Control | undefined;
  readonly readiness: Readiness | undefined;
  readonly words: WorkerWords;
}
