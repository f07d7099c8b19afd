/** What the process of a superdaemon has to know of its service in order to become another image, or to sleep. */
import type { HandoverDocument } from '../core/handover/document.js';
import type { State } from '../core/loop/state.js';
import type { Keep } from '../system/engine/keep.js';

/** What a service leaves to another image. The output is not in it: it belongs to the process. */
export type RunPart = Pick<
  HandoverDocument,
  | 'state'
  | 'listeners'
  | 'listenFds'
  | 'manager'
  | 'pidFile'
  | 'statusFile'
  | 'logger'
  | 'environment'
  | 'workerOutput'
  | 'heard'
  | 'failures'
  | 'outliving'
  | 'counters'
  | 'readiness'
  | 'control'
>;

export interface Run {
  /** The state of the decision. */
  readonly state: State;
  /** The words of the command line in force, where this image was started with another one. */
  readonly adoptedWords: readonly string[] | undefined;
  /** Writes one line of the log. */
  say(line: string): void;
  /** Undefined while something is under way that cannot be handed over. */
  handOver(keep: Keep): RunPart | undefined;
  /** How many clients of its control socket may still say something. */
  readonly clients: number;
  /** Descriptors that can be read from when somebody wants something of it. */
  readonly readable: readonly number[];
  /** See `WorkerEnvironment`. */
  watchForChange(): number | 'changed' | undefined;
}
