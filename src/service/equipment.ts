/** What a command line needs to run its program: opened when it is tried, or at the start. */
import type { StartCommand } from '../core/command-line/command.js';
import { checkListenerSpecs, type ListenerSpec } from '../core/command-line/port-spec.js';
import { messages } from '../core/loop/messages.js';
import type { Result } from '../core/loop/types.js';
import { failures } from '../core/text/failures.js';
import { StarterError } from '../core/text/starter-error.js';
import { valueIn } from '../core/workers/environment.js';
import type { Inbox } from '../system/loop/inbox.js';
import type { Output } from '../system/output/output.js';
import type { Children } from '../system/processes/children.js';
import type { Inheritance } from '../system/processes/inheritance.js';
import { openReadiness } from '../system/readiness/open-readiness.js';
import type { Readiness } from '../system/readiness/readiness.js';
import { attempt } from './attempt.js';
import type { Closing } from './closing.js';
import type { Lineup } from './listeners.js';
import type { Log } from './log.js';
import type { Program } from './program.js';
import type { Say } from './say.js';
import type { WorkersFile } from './status-file.js';
import { WorkerEnvironment } from './worker-environment.js';

/** What a service depends on besides its command line: whether it has the process to itself, or shares it. */
export interface Surroundings {
  /** The pid that the first line of the log names. */
  readonly pid: number;
  readonly inheritance: Inheritance;
  readonly isDaemon: boolean;
  readonly children: Children;
  readonly output: Output;
  /** Signals lead to it already: from here on none of them ends the process. */
  readonly inbox: Inbox;
  /** Gets all that is opened here; to be closed by who has called, also when the opening fails. */
  readonly closing: Closing;
  /** Called after each fork. */
  readonly forked: () => void;
  /** Has the inbox told when there is something to read, see `addon.signalInput`. Gives back how to end that. */
  readonly listenForInput: (inbox: Inbox) => () => void;
}

/** All that one command line has of its own; what two of them have in common is the same object. */
export interface Equipment {
  readonly command: StartCommand;
  readonly environment: WorkerEnvironment;
  readonly log: Log;
  readonly statusFile: WorkersFile | undefined;
  readonly readiness: Readiness | undefined;
  readonly program: Program;
}

/** A command line that is to take the place of the one in force. */
export interface Candidate extends Equipment {
  readonly lineup: Lineup;
  readonly backlog: number;
}

export function openEnvironment(
  { variables }: StartCommand,
  { inheritance, inbox }: Pick<Surroundings, 'inheritance' | 'inbox'>,
): WorkerEnvironment {
  return new WorkerEnvironment(inheritance.environment, variables, () => {
    inbox.settingsMayHaveChanged();
  });
}

/** What makes no sense is a StarterError, what seems odd is said. */
export function checkedSpecs(
  specs: Result<readonly ListenerSpec[]>,
  { softLimits }: Inheritance,
  say: Say,
): readonly ListenerSpec[] {
  const found = valueOf(specs);
  for (const warning of valueOf(checkListenerSpecs(found, softLimits.nofile ?? Infinity))) say(warning);
  return found;
}

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new StarterError(result.error);
  return result.value;
}

export function openedReadiness(
  { settings: { readiness: kind } }: StartCommand,
  { inheritance, inbox, closing, listenForInput }: Surroundings,
  say: Say,
): Readiness | undefined {
  if (kind === undefined) return undefined;
  const parts = {
    lookUp: (name: string) => valueIn(inheritance.environment, name),
    wake: () => inbox.lookAround(),
    isExposed: () => say(messages.exposedNotifySocket()),
  };
  const readiness = attempt(
    () => openReadiness(kind, parts),
    (reason) => failures.noNotifySocket(reason),
  );
  closing.add(listenForInput(inbox), readiness);
  return closing.hold(readiness);
}
