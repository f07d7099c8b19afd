/** What a service is made of, wherever it comes from: opened, or taken up from another image of this process. */
import type { StartCommand } from '../core/command-line/command.js';
import { messages } from '../core/loop/messages.js';
import type { State } from '../core/loop/state.js';
import type { ManagerEnvironment } from '../core/manager/manager-environment.js';
import { valueIn } from '../core/workers/environment.js';
import type { ProgramFacts } from '../core/workers/program-facts.js';
import { timestamp } from '../system/loop/clock.js';
import type { Inbox } from '../system/loop/inbox.js';
import type { Output } from '../system/output/output.js';
import { TimedOutput } from '../system/output/timed-output.js';
import type { Children } from '../system/processes/children.js';
import type { Inheritance } from '../system/processes/inheritance.js';
import { lookAtProgram } from '../system/processes/look-at-program.js';
import type { ReadinessParts } from '../system/readiness/open-readiness.js';
import type { Readiness } from '../system/readiness/readiness.js';
import type { Closing } from './closing.js';
import type { Log } from './log.js';
import { Program } from './program.js';
import type { Resources } from './resources.js';
import type { Say } from './say.js';
import { Service } from './service.js';
import { ServiceKernel } from './service-kernel.js';
import type { Succession } from './succession.js';
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

/** `state` is where the image before stood. */
export function assembleService(
  command: StartCommand,
  surroundings: Surroundings,
  resources: Resources,
  state?: State,
): Service {
  const { statusFile, failures, takeOver, outliving, control, environment, manager } = resources;
  const told = state === undefined ? undefined : environment.trouble;
  const program = new Program({ ...surroundings, ...resources, command, toldTrouble: told });
  const telling = manager?.telling({ settings: () => program.settings, failures });
  const kernel = new ServiceKernel({
    ...surroundings,
    ...resources,
    program,
    writeStatus: (workers) => statusFile?.write(workers),
    turn: (at) => telling?.turn(at) ?? Infinity,
  });
  const observers = [failures, takeOver, outliving, control, telling].filter((one) => one !== undefined);
  return new Service({ ...resources, kernel, observers, state });
}

/** Notes each line as ours, since those of workers are in the same file. */
export function sayTo(log: Log, workerOutput: WorkerOutput): Say {
  return (line, priority) => {
    workerOutput.said(log.write(line, priority));
  };
}

/** What the log is made with: `environment` is that of its program. */
export function loggedBy({ logTime }: StartCommand, surroundings: Surroundings, environment: WorkerEnvironment) {
  const { output } = surroundings;
  const timed = logTime ? new TimedOutput(output, () => timestamp()) : output;
  return { ...surroundings, output: timed, environment: environment.besideWorkers };
}

/** Looks at the program when it cannot be executed. */
export function lookFor({ program, directory }: StartCommand, environment: WorkerEnvironment): () => ProgramFacts {
  return () => lookAtProgram(program[0], environment.besideWorkers, directory);
}

export function readinessParts({ inheritance, inbox }: Surroundings, say: Say): ReadinessParts {
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
export function listening(readiness: Readiness, { inbox, closing, listenForInput }: Surroundings): Readiness {
  const deafen = listenForInput(inbox);
  closing.add(() => {
    readiness.close();
    deafen();
  });
  return readiness;
}
