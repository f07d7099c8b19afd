/** Everything that a start would open, looked at in the order in which it would be opened, and nothing of it changed. */
import type { StartCommand } from '../core/command-line/command.js';
import type { ManagerEnvironment } from '../core/manager/manager-environment.js';
import type { Inheritance } from '../system/processes/inheritance.js';
import type { Closing } from './closing.js';
import { exposedDirectories } from './exposed-directories.js';
import type { Findings } from './findings.js';
import { lookAtLog } from './log.js';
import { failedWorkers, lookAtCommand } from './look-at-command.js';
import { lookAtSockets, readableIn } from './look-at-sockets.js';
import { lookAtControl } from './open-control-server.js';
import { Owner } from './owner.js';
import { RunPidFile } from './pid-file.js';
import { lookAtSharedFiles, unshared } from './shared-files.js';
import { RunStatusFile } from './status-file.js';
import { WorkerEnvironment } from './worker-environment.js';

export interface CheckParts {
  readonly inheritance: Inheritance;
  /** What the service manager has told, where there is one. */
  readonly manager: ManagerEnvironment | undefined;
  /** Is given what has to be closed when the look is over. */
  readonly closing: Closing;
  readonly findings: Findings;
}

export async function checkStart(command: StartCommand, parts: CheckParts): Promise<void> {
  const { inheritance, closing, findings } = parts;
  const { log, listeners, takeOver, pidFile, statusFile, control } = command;
  const environment = WorkerEnvironment.read(inheritance.environment, command.variables, () => undefined);
  closing.hold(environment);
  const shared = await lookAtSharedFiles(findings, command);
  await findings.part(() => {
    lookAtLog(log, environment.besideWorkers);
  });
  const specs = await readableIn(listeners, inheritance, findings);
  const owner = takeOver && (await findings.part(() => Owner.find(takeOver, closing)));
  const isAlone = await findings.part(() => {
    if (pidFile !== undefined) RunPidFile.look(pidFile, owner);
    return true;
  });
  await findings.part(() => {
    if (statusFile === undefined) return;
    RunStatusFile.look(statusFile);
    findings.borne(() => {
      RunStatusFile.lookToReplace(statusFile);
    });
  });
  await findings.part(() => {
    if (control === undefined || shared.has(control) || owner?.listensAt(control) === true) return;
    lookAtControl(control);
  });
  await lookAtSockets(command, unshared(specs, shared), { ...parts, owner, isAlone: isAlone === true });
  await lookAtCommand(command, environment, findings, failedWorkers.ofStart);
  for (const line of [environment.trouble, ...exposedDirectories(command)])
    if (line !== undefined) findings.say(line, 'warning');
}
