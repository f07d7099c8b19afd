import type { OutlivingWorkers } from './outliving-workers.js';
import type { TakeOver } from './take-over.js';
import type { Manager } from './manager.js';
import type { CommandInForce } from './command-in-force.js';
import type { Control } from './control.js';
import type { FailureMemory } from './failure-memory.js';
import type { Listeners } from './listeners.js';
import type { RunCounters } from './run-counters.js';
import type { RunPidFile } from './pid-file.js';
import type { Reconfiguration } from './reconfiguration.js';
import type { Say } from './say.js';
import type { WorkerOutput } from './worker-output.js';
import type { WorkerWords } from './worker-words.js';

/** All that a service has open, or remembers. */
export interface Resources {
  readonly commands: CommandInForce;
  readonly reconfiguration: Reconfiguration;
  readonly workerOutput: WorkerOutput;
  readonly say: Say;
  readonly pidFile: RunPidFile | undefined;
  readonly failures: FailureMemory;
  readonly outliving: OutlivingWorkers;
  readonly counters: RunCounters;
  readonly listeners: Listeners;
  /** Sockets that other processes had, and may still have. */
  readonly takeOver: TakeOver;
  /** Undefined where no manager is to be told what happens. */
  readonly manager: Manager | undefined;
  readonly control: Control | undefined;
  readonly words: WorkerWords;
}
