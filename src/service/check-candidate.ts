/** A command line that might take the place of the one in force: what would change, and whether all that is new could be had. */
import { commandChanges } from '../core/command-line/command-changes.js';
import type { StartCommand } from '../core/command-line/command.js';
import type { ListenerSpec } from '../core/command-line/port-spec.js';
import type { ChangeReport } from '../core/report/control-protocol.js';
import { listenerChanges } from '../core/report/listener-changes.js';
import { failures } from '../core/text/failures.js';
import { ownDirectory } from '../system/engine/directory.js';
import { attempt } from './attempt.js';
import { Closing } from './closing.js';
import type { Equipment } from './equipment.js';
import { fileAccess } from './file-access.js';
import { Findings } from './findings.js';
import type { OpenListener } from './listeners.js';
import { lookAtLog } from './log.js';
import { failedWorkers, lookAtCommand } from './look-at-command.js';
import { readableIn, resolvedIn } from './look-at-sockets.js';
import { isSameLog, unlessStillBound } from './open-candidate.js';
import { lookAtListener } from './open-listener.js';
import { lookAtSharedFiles, unshared } from './shared-files.js';
import { RunStatusFile } from './status-file.js';
import type { Shared } from './surroundings.js';
import { WorkerEnvironment } from './worker-environment.js';

/** Gives what would change; throws a StarterError with all that is wrong. Nothing is opened for longer than the look. */
export async function checkCandidate(
  command: StartCommand,
  inForce: Equipment,
  { inheritance, listeners }: Pick<Shared, 'inheritance' | 'listeners'>,
): Promise<ChangeReport> {
  const closing = new Closing();
  const findings = new Findings();
  try {
    const environment = WorkerEnvironment.read(inheritance.environment, command.variables, () => undefined);
    closing.hold(environment);
    const shared = await lookAtSharedFiles(findings, command, inForce.command);
    await findings.part(() => attempt(() => ofEnvdir(environment), failures.cannotOpenCandidate));
    await lookAtFiles(command, inForce.command, { environment, findings, shared });
    const specs = await readableIn(command.listeners, inheritance, findings);
    const resolved = await resolvedIn(specs, findings);
    const { wanted, gone } = listeners.match(resolved, ownDirectory());
    const added = wanted.flatMap(({ spec, held }) => (held === undefined ? [spec] : []));
    await lookAtAdded(command, unshared(added, shared), gone, { findings, closing });
    await lookAtCommand(command, environment, findings, failedWorkers.ofCandidate);
    if (findings.failure !== undefined) throw findings.failure;
    return { listeners: listenerChanges({ wanted, gone }), command: commandChanges(inForce.command, command) };
  } finally {
    closing.close();
  }
}

/** Throws why the envdir could not be looked at. */
function ofEnvdir({ refusal }: WorkerEnvironment): void {
  if (refusal !== undefined) throw refusal;
}

interface FilesToLookAt {
  readonly environment: WorkerEnvironment;
  readonly findings: Findings;
  /** Those that two options name. */
  readonly shared: ReadonlySet<string>;
}

/** What both have in common is open already. */
async function lookAtFiles(
  command: StartCommand,
  former: StartCommand,
  { environment, findings, shared }: FilesToLookAt,
): Promise<void> {
  const { log, statusFile } = command;
  await findings.part(() => {
    if (!isSameLog(command, former)) lookAtLog(log, environment.besideWorkers);
  });
  await findings.part(() => {
    if (statusFile === undefined || statusFile === former.statusFile || shared.has(statusFile)) return;
    RunStatusFile.lookForNew(statusFile);
  });
}

async function lookAtAdded(
  { pathAccess }: StartCommand,
  added: readonly ListenerSpec[],
  gone: readonly OpenListener[],
  { findings, closing }: { readonly findings: Findings; readonly closing: Closing },
): Promise<void> {
  const access = (await findings.part(() => fileAccess(pathAccess))) ?? {};
  const leaving = gone.map(({ spec }) => spec);
  for (const [index, spec] of added.entries()) {
    const look = () => lookAtListener(spec, { access, earlier: added.slice(0, index) });
    const listener = await findings.part(() => unlessStillBound(spec, leaving, look));
    if (listener !== undefined) closing.hold(listener);
  }
}
