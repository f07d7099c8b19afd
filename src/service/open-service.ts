/** How a service comes to life: everything that it needs, opened one after the other. */
import type { StartCommand } from '../core/command-line/command.js';
import { checkListenerSpecs, type ListenerSpec } from '../core/command-line/port-spec.js';
import { messages } from '../core/loop/messages.js';
import { noListenFds } from '../core/manager/listen-fds.js';
import type { Result } from '../core/loop/types.js';
import { failures as failureTexts } from '../core/text/failures.js';
import { StarterError } from '../core/text/starter-error.js';
import type { Inheritance } from '../system/processes/inheritance.js';
import { openReadiness } from '../system/readiness/open-readiness.js';
import type { Readiness } from '../system/readiness/readiness.js';
import { attempt } from './attempt.js';
import type { Closing } from './closing.js';
import { Control, type Controlled } from './control.js';
import { exposedDirectories } from './exposed-directories.js';
import { FailureMemory } from './failure-memory.js';
import type { FilesParts } from './files-parts.js';
import {
  assembleService,
  listening,
  loggedBy,
  lookFor,
  readinessParts,
  sayTo,
  type Surroundings,
} from './assemble-service.js';
import { Listeners } from './listeners.js';
import { openLog } from './log.js';
import { Manager } from './manager.js';
import { openListeners } from './open-listeners.js';
import { OutlivingWorkers } from './outliving-workers.js';
import { Owner } from './owner.js';
import { RunPidFile } from './pid-file.js';
import { sayFailure, type Say } from './say.js';
import type { Service } from './service.js';
import { RunStatusFile } from './status-file.js';
import { TakeOver } from './take-over.js';
import { WorkerEnvironment } from './worker-environment.js';
import { WorkerOutput } from './worker-output.js';
import { WorkerWords } from './worker-words.js';

/**
 * Opens log, files and sockets. Throws a StarterError where that is refused. A service that is told to stop meanwhile
 * has no sockets, and ends as soon as it runs.
 */
export async function openService(command: StartCommand, surroundings: Surroundings): Promise<Service> {
  const { inheritance, inbox, closing, output, succession } = surroundings;
  closing.holdLast(inbox);
  const environment = closing.hold(readEnvironment(command, surroundings));

  // The log before all else, since the rest may have something to say: for now where the caller looks.
  const log = closing.hold(await openLog(command.log, loggedBy(command, surroundings, environment), inbox));
  const workerOutput = new WorkerOutput(output);
  const say = sayTo(log, workerOutput);
  const manager = surroundings.manager && new Manager(surroundings.manager, { inbox, say });
  say(messages.startingNow(surroundings.pid));
  const specs = checkedSpecs(command.listeners, inheritance, say);

  // The owner may still have these files; they become ours when it has ended.
  const owner = command.takeOver && (await Owner.find(command.takeOver, closing));
  const takeOver = closing.hold(new TakeOver(say));
  const files = { say, takeOver, owner };

  // The lock of the pid file keeps a second start from touching files and sockets of the first one.
  const pidFile = opened(command.pidFile, closing, (path) => RunPidFile.lock(path, files));
  const statusFile = opened(command.statusFile, closing, (path) => RunStatusFile.open(path, files));

  // Before the sockets, so that the service can be asked and told to stop while a socket has to wait for somebody.
  const failures = new FailureMemory(workerOutput, lookFor(command, environment), say);
  const listeners = closing.hold(new Listeners());
  const outliving = closing.hold(new OutlivingWorkers(listeners, say));
  const controlled = { inbox, log, listeners, failures, outliving, say, succession };
  const control = await openedControl(command, closing, files, controlled);
  const readiness = openedReadiness(command, surroundings, say);

  // The pid file names us when we can be connected to; the output moves to the log when nothing can go wrong any more.
  const { stopRequested } = inbox;
  const listenFds = await openListeners(listeners, specs, { command, inheritance, stopRequested, manager, ...files });
  if (listenFds !== undefined) pidFile?.write();
  log.redirect();

  for (const line of exposedDirectories(command)) say(line, 'warning');
  const words = new WorkerWords(readiness);
  const memory = { environment, workerOutput, failures, outliving, words, listenFds: listenFds ?? noListenFds };
  const resources = { ...memory, log, say, pidFile, statusFile, listeners, takeOver, manager, control, readiness };
  return assembleService(command, surroundings, resources);
}

function readEnvironment({ variables }: StartCommand, { inheritance, inbox }: Surroundings): WorkerEnvironment {
  return WorkerEnvironment.read(inheritance.environment, variables, () => {
    inbox.settingsMayHaveChanged();
  });
}

function opened<T extends { close(): void }>(
  path: string | undefined,
  closing: Closing,
  open: (path: string) => T,
): T | undefined {
  return path === undefined ? undefined : closing.hold(open(path));
}

/** Throws a StarterError for specs that make no sense, and says what seems odd about them. */
function checkedSpecs(
  specs: Result<readonly ListenerSpec[]>,
  { softLimits }: Inheritance,
  say: Say,
): readonly ListenerSpec[] {
  const found = valueOf(specs);
  for (const warning of valueOf(checkListenerSpecs(found, softLimits.nofile ?? Infinity))) say(warning, 'warning');
  return found;
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new StarterError(result.error);
  return result.value;
}

function openedReadiness(
  { settings: { readiness: kind } }: StartCommand,
  surroundings: Surroundings,
  say: Say,
): Readiness | undefined {
  if (kind === undefined) return undefined;
  const readiness = attempt(
    () => openReadiness(kind, readinessParts(surroundings, say)),
    (reason) => failureTexts.noNotifySocket(reason),
  );
  return listening(readiness, surroundings);
}

/** Its last answer says that everything is closed. */
async function openedControl(
  { control: path }: StartCommand,
  closing: Closing,
  { say, takeOver, owner }: FilesParts,
  controlled: Controlled,
): Promise<Control | undefined> {
  if (path === undefined) return undefined;
  const control = closing.holdLast(new Control(controlled));
  if (owner?.listensAt(path) === true) takeOver.afterwards(() => void control.listen(path).catch(sayFailure(say)));
  else await control.listen(path);
  return control;
}
