/** How a service comes to life in another image of its process: from what the image before has left. */
import type { StartCommand } from '../core/command-line/command.js';
import type { HandoverDocument } from '../core/handover/document.js';
import { stateOf } from '../core/handover/state-part.js';
import { wayToEndIn } from '../core/loop/state.js';
import { takeUpReadiness } from '../system/readiness/open-readiness.js';
import type { Readiness } from '../system/readiness/readiness.js';
import { assembleService, commandsFor } from './assemble-service.js';
import { listening, loggedBy, readinessParts, sayTo, timedOutput, type Surroundings } from './surroundings.js';
import type { Closing } from './closing.js';
import { Control } from './control.js';
import { equipped } from './equipment.js';
import { Listeners } from './listeners.js';
import { takeUpListenFds } from './listen-fds-part.js';
import { takeUpLog } from './log.js';
import { Manager } from './manager.js';
import { OutlivingWorkers } from './outliving-workers.js';
import { RunCounters } from './run-counters.js';
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
  const { inbox, closing, succession } = surroundings;
  closing.holdLast(inbox);
  const output = closing.hold(timedOutput(command, surroundings));
  const environment = closing.hold(takeUpEnvironment(command, document, surroundings));
  const logged = loggedBy({ ...surroundings, output }, environment);
  const log = closing.hold(takeUpLog(command.log, logged, inbox, document.logger));
  const workerOutput = new WorkerOutput(document.workerOutput, log);
  const say = sayTo(log, workerOutput);
  const { pidFile, statusFile } = takeUpFiles(command, document, closing, say);

  const manager = surroundings.manager && new Manager(surroundings.manager, { inbox, say }, document.manager?.telling);
  const listeners = closing.hold(new Listeners());
  listeners.takeUp(command.listeners.specs, document.listeners, takeUpListenFds(document.listenFds));
  const state = stateOf(document.state, wayToEndIn(command.settings));
  const takeOver = new TakeOver(say); // none is under way
  const shared = { ...surroundings, output, workerOutput, say, listeners, takeOver, manager };
  const readiness = takeUpReadinessOf(document, surroundings, say);
  const equipment = equipped(
    { command, environment, log, statusFile, readiness },
    shared,
    listeners,
    environment.trouble,
  );
  const { commands, failures, reconfiguration } = commandsFor(equipment, shared, document.failures);
  const outliving = closing.hold(new OutlivingWorkers(listeners, inbox, say, document.outliving));
  const counters = new RunCounters(document.counters);
  const controlled = { inbox, commands, reconfiguration, listeners, failures, outliving, counters, say, succession };
  const control = await takeUpControl(command, document, closing.holdLast(new Control(controlled, state)));
  const words = new WorkerWords(commands, document.heard);
  const memory = { workerOutput, failures, outliving, counters, words };
  const open = { say, pidFile, listeners, takeOver, manager, control };
  return assembleService(surroundings, { commands, reconfiguration, ...memory, ...open }, state);
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

async function takeUpControl(command: StartCommand, document: HandoverDocument, control: Control) {
  return takenUp(command.control, document.control, async (path, part) => {
    await control.takeUp(path, part);
    return control;
  });
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
