/** How a service comes to life: everything that it needs, opened one after the other. */
import type { StartCommand } from '../core/command-line/command.js';
import { messages } from '../core/loop/messages.js';
import { assembleService, commandsFor } from './assemble-service.js';
import { loggedBy, sayTo, timedOutput, type Surroundings } from './surroundings.js';
import type { Closing } from './closing.js';
import { Control, type Controlled } from './control.js';
import { checkedSpecs, equipped, openedReadiness, openEnvironment } from './equipment.js';
import { exposedDirectories } from './exposed-directories.js';
import type { FilesParts } from './files-parts.js';
import { Listeners } from './listeners.js';
import { openLog } from './log.js';
import { Manager } from './manager.js';
import { openListeners } from './open-listeners.js';
import { OutlivingWorkers } from './outliving-workers.js';
import { Owner } from './owner.js';
import { RunCounters } from './run-counters.js';
import { RunPidFile } from './pid-file.js';
import { sayFailure } from './say.js';
import type { Service } from './service.js';
import { refuseSharedFiles } from './shared-files.js';
import { RunStatusFile } from './status-file.js';
import { TakeOver } from './take-over.js';
import { WorkerOutput } from './worker-output.js';
import { WorkerWords } from './worker-words.js';

/**
 * Opens log, files and sockets. Throws a StarterError where that is refused. A service that is told to stop meanwhile
 * has no sockets, and ends as soon as it runs.
 */
export async function openService(command: StartCommand, surroundings: Surroundings): Promise<Service> {
  const { inheritance, inbox, closing, succession } = surroundings;
  closing.holdLast(inbox);
  refuseSharedFiles(command);
  const output = closing.hold(timedOutput(command, surroundings));
  const environment = closing.hold(openEnvironment(command, surroundings));

  // The log before all else, since the rest may have something to say: for now where the caller looks.
  const log = closing.hold(await openLog(command.log, loggedBy({ ...surroundings, output }, environment), inbox));
  const workerOutput = new WorkerOutput();
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

  const readiness = openedReadiness(command, surroundings, say);
  const listeners = closing.hold(new Listeners());
  const shared = { ...surroundings, output, workerOutput, say, listeners, takeOver, manager };
  const equipment = equipped({ command, environment, log, statusFile, readiness }, shared, listeners);
  const { commands, failures, reconfiguration } = commandsFor(equipment, shared);

  // Before the sockets, so that it can be asked and told to stop while these have to wait for somebody.
  const outliving = closing.hold(new OutlivingWorkers(listeners, inbox, say));
  const counters = new RunCounters();
  const controlled = { inbox, commands, reconfiguration, listeners, failures, outliving, counters, say, succession };
  const control = await openedControl(command, closing, files, controlled);

  // The pid file names us when we can be connected to; the output moves to the log when nothing can go wrong any more.
  const { stopRequested } = inbox;
  if (await openListeners(listeners, specs, { command, inheritance, stopRequested, manager, ...files }))
    pidFile?.write();
  log.redirect();

  equipment.program.tellTrouble();
  for (const line of exposedDirectories(command)) say(line, 'warning');
  const words = new WorkerWords(commands);
  const memory = { workerOutput, failures, outliving, counters, words };
  const open = { say, pidFile, listeners, takeOver, manager, control };
  return assembleService(surroundings, { commands, reconfiguration, ...memory, ...open });
}

function opened<T extends { close(): void }>(
  path: string | undefined,
  closing: Closing,
  open: (path: string) => T,
): T | undefined {
  return path === undefined ? undefined : closing.hold(open(path));
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
