/** How a service comes to life: everything that it needs, opened one after the other. */
import type { StartCommand } from '../core/command-line/command.js';
import type { ListenerSpec } from '../core/command-line/port-spec.js';
import { messages } from '../core/loop/messages.js';
import { defaultBacklog } from '../system/engine/platform.js';
import type { Closing } from './closing.js';
import { CommandInForce } from './command-in-force.js';
import { Control, type Controlled } from './control.js';
import { checkedSpecs, openedReadiness, openEnvironment, type Surroundings } from './equipment.js';
import { exposedDirectories } from './exposed-directories.js';
import { FailureMemory } from './failure-memory.js';
import { LeftWorkers } from './left-workers.js';
import { Listeners } from './listeners.js';
import { openLog } from './log.js';
import { changesBy, openCandidate } from './open-candidate.js';
import { openListener, withAddresses } from './open-listener.js';
import { lockPidFile } from './pid-file.js';
import { Program } from './program.js';
import { Reconfiguration } from './reconfiguration.js';
import type { Say } from './say.js';
import { Service } from './service.js';
import { ServiceKernel } from './service-kernel.js';
import { openStatusFile } from './status-file.js';
import { WorkerOutput } from './worker-output.js';
import { WorkerWords } from './worker-words.js';

export type { Surroundings } from './equipment.js';

/**
 * Opens log, files and sockets. A start that is refused is a StarterError; one that is told to stop meanwhile has no sockets, and
 * ends as soon as it runs.
 */
export async function openService(command: StartCommand, surroundings: Surroundings): Promise<Service> {
  const { inheritance, inbox, closing } = surroundings;
  closing.holdLast(inbox);
  closing.hold(surroundings.output);
  const environment = closing.hold(openEnvironment(command, surroundings));

  // The log before all else, since the rest may have something to say: for now where the caller looks.
  const logged = { ...surroundings, environment: environment.besideWorkers };
  const log = closing.hold(await openLog(command.log, logged, inbox));
  const workerOutput = new WorkerOutput();
  const say: Say = (line) => {
    workerOutput.said(line);
    log.write(line);
  };
  say(messages.startingNow(surroundings.pid));
  const specs = checkedSpecs(command.listeners, inheritance, say);

  // The lock of the pid file keeps a second start from touching files and sockets of the first one.
  const { pidFile, statusFile: path } = command;
  const writePid = pidFile === undefined ? undefined : lockPidFile(pidFile, say, closing);
  const statusFile = path === undefined ? undefined : closing.hold(openStatusFile(path, say));

  const readiness = openedReadiness(command, surroundings, say);
  const listeners = closing.hold(new Listeners());
  const parts = { ...surroundings, command, environment, log, statusFile, readiness, listeners, workerOutput, say };
  const commands = new CommandInForce({ ...parts, program: new Program(parts) }, listeners, closing, say);
  const failures = new FailureMemory(workerOutput, (generation) => commands.look(generation), say);
  const reconfiguration = new Reconfiguration({
    commands,
    open: (other) => openCandidate(other, commands.inForce, parts),
    compare: (other) => changesBy(other, commands.inForce, listeners),
    failures,
    inbox,
  });

  // Before the sockets, so that it can be asked and told to stop while these have to wait for somebody.
  const control = await openControl(command, closing, { ...parts, commands, failures, reconfiguration });

  // The pid file names us when we can be connected to; the output moves to the log when nothing can go wrong any more.
  if (await openListeners(listeners, specs, command, surroundings, say)) writePid?.();
  log.redirect();

  commands.inForce.program.tellTrouble();
  for (const line of exposedDirectories(command)) say(line);
  reconfiguration.begin();
  const kernel = new ServiceKernel({ ...parts, commands, words: new WorkerWords(commands) });
  const observers = [failures, commands, reconfiguration, ...control];
  return new Service({ kernel, listeners, failures, reconfiguration, observers, say });
}

/** One or none. Its last answer says that everything is closed. */
async function openControl({ control }: StartCommand, closing: Closing, controlled: Controlled): Promise<Control[]> {
  return control === undefined ? [] : [closing.holdLast(await Control.open(control, controlled))];
}

/** False when a stop signal came before all were open: a name had to be looked up, or others still had a socket. */
async function openListeners(
  listeners: Listeners,
  specs: readonly ListenerSpec[],
  { backlog = defaultBacklog, pidFile, statusFile, settings }: StartCommand,
  { inheritance, inbox: { stopRequested } }: Surroundings,
  say: Say,
): Promise<boolean> {
  const resolved = await Promise.race([withAddresses(specs), stopRequested]);
  if (resolved === undefined) return false;
  const left = new LeftWorkers(stopRequested);
  if (pidFile !== undefined && statusFile !== undefined) left.end(statusFile, resolved, settings.signalOnTerm, say);
  return listeners.open(resolved, new Set(inheritance.descriptors), (spec, earlier) =>
    left.opened(spec, () => openListener(spec, { backlog, say, stopRequested, earlier })),
  );
}
