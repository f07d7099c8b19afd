/** How a service comes to life: everything that it needs, opened one after the other. */
import type { StartCommand } from '../core/command-line/command.js';
import { checkListenerSpecs, type ListenerSpec } from '../core/command-line/port-spec.js';
import { messages } from '../core/loop/messages.js';
import type { Result } from '../core/loop/types.js';
import { failures as failureTexts } from '../core/text/failures.js';
import { StarterError } from '../core/text/starter-error.js';
import { valueIn } from '../core/workers/environment.js';
import type { Inbox } from '../system/loop/inbox.js';
import type { Output } from '../system/output/output.js';
import type { Children } from '../system/processes/children.js';
import type { Inheritance } from '../system/processes/inheritance.js';
import { lookAtProgram } from '../system/processes/look-at-program.js';
import { openReadiness } from '../system/readiness/open-readiness.js';
import type { Readiness } from '../system/readiness/readiness.js';
import { attempt } from './attempt.js';
import type { Closing } from './closing.js';
import { Control, type Controlled } from './control.js';
import { exposedDirectories } from './exposed-directories.js';
import { FailureMemory } from './failure-memory.js';
import type { FilesParts } from './files-parts.js';
import { Listeners } from './listeners.js';
import { openLog } from './log.js';
import { openListeners } from './open-listeners.js';
import { Owner } from './owner.js';
import { OutlivingWorkers } from './outliving-workers.js';
import { lockPidFile } from './pid-file.js';
import { Program } from './program.js';
import { sayFailure, type Say } from './say.js';
import { Service } from './service.js';
import { ServiceKernel } from './service-kernel.js';
import { openStatusFile } from './status-file.js';
import { TakeOver } from './take-over.js';
import { WorkerEnvironment } from './worker-environment.js';
import { WorkerOutput } from './worker-output.js';
import { WorkerWords } from './worker-words.js';

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

/**
 * Opens log, files and sockets. A start that is refused is a StarterError; one that is told to stop meanwhile has no sockets, and
 * ends as soon as it runs.
 */
export async function openService(command: StartCommand, surroundings: Surroundings): Promise<Service> {
  const { inheritance, inbox, closing } = surroundings;
  closing.holdLast(inbox);
  const environment = closing.hold(
    new WorkerEnvironment(inheritance.environment, command.variables, () => {
      inbox.settingsMayHaveChanged();
    }),
  );

  // The log before all else, since the rest may have something to say: for now where the caller looks.
  const logged = { ...surroundings, environment: environment.besideWorkers };
  const log = closing.hold(await openLog(command.log, logged, inbox));
  const workerOutput = new WorkerOutput(surroundings.output);
  const say: Say = (line) => {
    workerOutput.said(line);
    log.write(line);
  };
  say(messages.startingNow(surroundings.pid));
  const specs = checkedSpecs(command.listeners, inheritance, say);

  // Files that this process has yet are ours when it has ended.
  const owner = command.takeOver && (await Owner.find(command.takeOver, closing));
  const takeOver = closing.hold(new TakeOver(say));

  // The lock of the pid file keeps a second start from touching files and sockets of the first one.
  const { pidFile, statusFile } = command;
  const files = { say, closing, takeOver, owner };
  const writePid = pidFile === undefined ? undefined : lockPidFile(pidFile, files);
  const writeStatus = statusFile === undefined ? () => undefined : openStatusFile(statusFile, files);

  // Before the sockets, so that it can be asked and told to stop while these have to wait for somebody.
  const look = () => lookAtProgram(command.program[0], environment.besideWorkers, command.directory);
  const failures = new FailureMemory(workerOutput, look, say);
  const listeners = closing.hold(new Listeners());
  const outliving = closing.hold(new OutlivingWorkers(listeners, say));
  const control = await openControl(command, files, { inbox, log, listeners, failures, outliving, say });
  const readiness = openedReadiness(command, surroundings, say);

  // The pid file names us when we can be connected to; the output moves to the log when nothing can go wrong any more.
  const { stopRequested } = inbox;
  if (await openListeners(listeners, specs, { command, inheritance, stopRequested, takeOver, owner, say }))
    writePid?.();
  log.redirect();

  const program = new Program({ ...surroundings, command, environment, listeners, readiness, workerOutput, say });
  for (const line of exposedDirectories(command)) say(line);
  const words = new WorkerWords(readiness);
  const kernel = new ServiceKernel({ ...surroundings, program, log, say, writeStatus, words });
  return new Service({ kernel, listeners, failures, observers: [failures, takeOver, outliving, ...control], say });
}

/** What makes no sense is a StarterError, what seems odd is said. */
function checkedSpecs(
  specs: Result<readonly ListenerSpec[]>,
  { softLimits }: Inheritance,
  say: Say,
): readonly ListenerSpec[] {
  const found = valueOf(specs);
  for (const warning of valueOf(checkListenerSpecs(found, softLimits.nofile ?? Infinity))) say(warning);
  return found;
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new StarterError(result.error);
  return result.value;
}

function openedReadiness(
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
    (reason) => failureTexts.noNotifySocket(reason),
  );
  const deafen = listenForInput(inbox);
  closing.add(() => {
    readiness.close();
    deafen();
  });
  return readiness;
}

/** One or none. Its last answer says that everything is closed. */
async function openControl(
  { control: path }: StartCommand,
  { say, closing, takeOver, owner }: FilesParts,
  controlled: Controlled,
): Promise<Control[]> {
  if (path === undefined) return [];
  const control = closing.holdLast(new Control(controlled));
  if (owner?.listensAt(path) === true) takeOver.afterwards(() => void control.listen(path).catch(sayFailure(say)));
  else await control.listen(path);
  return [control];
}
