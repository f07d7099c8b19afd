/** How a service comes to life in another image of its process: from what the image before has left. */
import type { StartCommand } from '../core/command-line/command.js';
import type { HandoverDocument } from '../core/handover/document.js';
import { stateOf } from '../core/handover/state-part.js';
import { takeUpReadiness } from '../system/readiness/open-readiness.js';
import type { Readiness } from '../system/readiness/readiness.js';
import {
  assembleService,
  listening,
  loggedBy,
  lookFor,
  readinessParts,
  sayTo,
  type Surroundings,
} from './assemble-service.js';
import type { Closing } from './closing.js';
import { Control } from './control.js';
import { FailureMemory } from './failure-memory.js';
import { Listeners } from './listeners.js';
import { takeUpListenFds } from './listen-fds-part.js';
import { takeUpLog } from './log.js';
import { Manager } from './manager.js';
import { OutlivingWorkers } from './outliving-workers.js';
import { RunPidFile } from './pid-file.js';
import type { Say } from './say.js';
import type { Service } from './service.js';
import { RunStatusFile } from './status-file.js';
import { TakeOver } from './take-over.js';
import { WorkerEnvironment } from './worker-environment.js';
import { WorkerOutput } from './worker-output.js';
import { WorkerWords } from './worker-words.js';

/** Nothing is bound, written or told again: seen from outside, nothing has happened. */
export async function takeUpService(
  command: StartCommand,
  surroundings: Surroundings,
  document: HandoverDocument,
): Promise<Service> {
  const { inbox, closing, output, succession } = surroundings;
  closing.holdLast(inbox);
  const environment = closing.hold(takeUpEnvironment(command, document, surroundings));
  const logged = loggedBy(command, surroundings, environment);
  const log = closing.hold(takeUpLog(command.log, logged, inbox, document.logger));
  const workerOutput = new WorkerOutput(output, document.workerOutput);
  const say = sayTo(log, workerOutput);
  const files = takeUpFiles(command, document, closing, say);

  const manager = surroundings.manager && new Manager(surroundings.manager, { inbox, say }, document.manager?.telling);
  const listenFds = takeUpListenFds(document.listenFds);
  const failures = new FailureMemory(workerOutput, lookFor(command, environment), say, document.failures);
  const listeners = closing.hold(new Listeners());
  if (command.listeners.ok) listeners.takeUp(command.listeners.value, document.listeners);
  const state = stateOf(document.state);
  const outliving = closing.hold(new OutlivingWorkers(listeners, say, document.outliving));
  const controlled = { inbox, log, listeners, failures, outliving, say, succession };
  const control = await takenUp(command.control, document.control, async (path, part) => {
    const taken = closing.holdLast(new Control(controlled, state));
    await taken.takeUp(path, part);
    return taken;
  });
  const readiness = takeUpReadinessOf(document, surroundings, say);
  const words = new WorkerWords(readiness, document.heard);

  const takeOver = new TakeOver(say); // none is under way
  const remembered = { environment, workerOutput, failures, outliving, words, takeOver };
  return assembleService(
    command,
    surroundings,
    { ...remembered, ...files, log, say, listeners, listenFds, manager, control, readiness },
    state,
  );
}

function takeUpEnvironment({ variables }: StartCommand, document: HandoverDocument, { inbox }: Surroundings) {
  const changed = (): void => {
    inbox.settingsMayHaveChanged();
  };
  return WorkerEnvironment.takeUp(document.inheritance.environment, variables, changed, document.environment);
}

function takeUpFiles(command: StartCommand, document: HandoverDocument, closing: Closing, say: Say) {
  return {
    pidFile: takenUp(command.pidFile, document.pidFile, (path, part) =>
      closing.hold(RunPidFile.takeUp(path, part, say)),
    ),
    statusFile: takenUp(command.statusFile, document.statusFile, (path, part) =>
      closing.hold(RunStatusFile.takeUp(path, part, say)),
    ),
  };
}

function takeUpReadinessOf(
  { readiness }: HandoverDocument,
  surroundings: Surroundings,
  say: Say,
): Readiness | undefined {
  return readiness && listening(takeUpReadiness(readiness, readinessParts(surroundings, say)), surroundings);
}

function takenUp<Part, T>(
  path: string | undefined,
  part: Part | undefined,
  take: (path: string, part: Part) => T,
): T | undefined {
  return path === undefined || part === undefined ? undefined : take(path, part);
}
