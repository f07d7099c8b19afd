/** What the process of a superdaemon has to know of its service in order to become another image, or to sleep. */
import type { HandoverDocument } from '../core/handover/document.js';
import type { State } from '../core/loop/state.js';
import type { Keep } from '../system/engine/keep.js';

/** What a service leaves to another image. The output is that of the process, and handed over with it. */
export type RunPart = Pick<
  HandoverDocument,
  | 'state'
  | 'listeners'
  | 'pidFile'
  | 'statusFile'
  | 'logger'
  | 'environment'
  | 'workerOutput'
  | 'heard'
  | 'failures'
  | 'readiness'
  | 'control'
>;

export interface Run {
  /** Where it stands. */
  readonly state: State;
  /** Writes one line of the log. */
  say(line: string): void;
  /** Undefined while something is under way that another image would not know of. */
  handOver(keep: Keep): RunPart | undefined;
  /** How many clients of its control socket may still say something. */
  readonly clients: number;
  /** Descriptors that can be read from when somebody wants something of it. */
  readonly readable: readonly number[];
  /** See `WorkerEnvironment`. */
  watchForChange(): number | 'changed' | undefined;
}
