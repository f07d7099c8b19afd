/** What a service is surrounded by, and how its parts are connected with that. */
import type { StartCommand } from '../core/command-line/command.js';
import { messages } from '../core/loop/messages.js';
import type { ManagerEnvironment } from '../core/manager/manager-environment.js';
import { valueIn } from '../core/workers/environment.js';
import { timestamp } from '../system/loop/clock.js';
import type { Inbox } from '../system/loop/inbox.js';
import type { Output } from '../system/output/output.js';
import { TimedOutput } from '../system/output/timed-output.js';
import type { Children } from '../system/processes/children.js';
import type { Inheritance } from '../system/processes/inheritance.js';
import type { ReadinessParts } from '../system/readiness/open-readiness.js';
import type { Readiness } from '../system/readiness/readiness.js';
import type { Closing } from './closing.js';
import type { Listeners } from './listeners.js';
import type { Log } from './log.js';
import type { Manager } from './manager.js';
import type { Say } from './say.js';
import type { Succession } from './succession.js';
import type { TakeOver } from './take-over.js';
import type { WorkerEnvironment } from './worker-environment.js';
import type { WorkerOutput } from './worker-output.js';

/** What a service depends on besides its command line: whether it has the process to itself, or shares it. */
export interface Surroundings {
  /** The pid that the first line of the log names. */
  readonly pid: number;
  readonly inheritance: Inheritance;
  /** What the service manager has told, where there is one that is to be told what happens. */
  readonly manager?: ManagerEnvironment | undefined;
  readonly isDaemon: boolean;
  readonly children: Children;
  readonly output: Output;
  /** Signals lead to it already: from here on none of them ends the process. */
  readonly inbox: Inbox;
  /** Is given all that is opened here; the caller has to close it, also when the opening fails. */
  readonly closing: Closing;
  /** Called after each fork. */
  readonly forked: () => void;
  /** Has the inbox told when there is something to read, see `addon.signalInput`. Gives back how to end that. */
  readonly listenForInput: (inbox: Inbox) => () => void;
  /** How this process becomes another image, or sleeps; undefined where it is shared with a program. */
  readonly succession?: Succession;
}

/** What all command lines of a service share. */
export interface Shared extends Omit<Surroundings, 'manager'> {
  readonly output: TimedOutput;
  readonly workerOutput: WorkerOutput;
  readonly say: Say;
  readonly listeners: Listeners;
  readonly takeOver: TakeOver;
  readonly manager: Manager | undefined;
}

/** Notes each line as ours, since those of workers are in the same file. */
export function sayTo(log: Log, workerOutput: WorkerOutput): Say {
  return (line, priority) => {
    workerOutput.said(log.write(line, priority));
  };
}

/** All logs of a service write through it; what it is at first, the command line says. */
export function timedOutput({ logTime }: StartCommand, { output }: Surroundings): TimedOutput {
  return new TimedOutput(output, () => timestamp(), logTime);
}

/** What the log is made with: `environment` is that of its program. */
export function loggedBy<S extends Surroundings | Shared>(surroundings: S, environment: WorkerEnvironment) {
  return { ...surroundings, environment: environment.besideWorkers };
}

export function readinessParts(
  { inheritance, inbox }: Pick<Surroundings, 'inheritance' | 'inbox'>,
  say: Say,
): ReadinessParts {
  return {
    lookUp: (name) => valueIn(inheritance.environment, name),
    wake: () => {
      inbox.lookAround();
    },
    isExposed: () => {
      say(messages.exposedNotifySocket(), 'warning');
    },
  };
}

/** Has the loop told when workers say something, until the end. */
export function listening(
  readiness: Readiness,
  { inbox, closing, listenForInput }: Pick<Surroundings, 'inbox' | 'closing' | 'listenForInput'>,
): Readiness {
  const deafen = listenForInput(inbox);
  closing.add(() => {
    readiness.close();
    deafen();
  }, readiness);
  return readiness;
}
