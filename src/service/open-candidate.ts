/** A command line that is to take the place of the one in force: what it needs beside that, opened before it is tried. */
import type { StartCommand } from '../core/command-line/command.js';
import type { ListenerSpec } from '../core/command-line/port-spec.js';
import { rivalOf } from '../core/command-line/rival.js';
import { listAgain, noListenFds, type ListenFds } from '../core/manager/listen-fds.js';
import { failures } from '../core/text/failures.js';
import { StarterError } from '../core/text/starter-error.js';
import { addon } from '../system/engine/addon.js';
import { ownDirectory } from '../system/engine/directory.js';
import { addressInUse, defaultBacklog } from '../system/engine/platform.js';
import { AddressInUse } from './address-in-use.js';
import { loggedBy, type Shared } from './surroundings.js';
import { checkedSpecs, equipped, openedReadiness, openEnvironment, valueOf } from './equipment.js';
import type { Candidate, Equipment } from './equipment.js';
import { exposedDirectories } from './exposed-directories.js';
import { fileAccess } from './file-access.js';
import type { Lineup, Wanted } from './listeners.js';
import { openLog } from './log.js';
import { openListener, withAddresses } from './open-listener.js';
import { refuseSharedFiles } from './shared-files.js';
import { RunStatusFile } from './status-file.js';

/**
 * Opens what the one in force has not. What is wrong, or refused, is a StarterError, and everything is as it was then. Undefined
 * when a stop signal came first.
 */
export async function openCandidate(
  command: StartCommand,
  inForce: Equipment,
  shared: Shared,
): Promise<Candidate | undefined> {
  refuseSharedFiles(command, inForce.command);
  const closeOpened = shared.closing.mark();
  let candidate: Candidate | undefined;
  try {
    const parts = await openFiles(command, inForce, shared);
    const lineup = await openBeside(command, shared);
    if (lineup === undefined) return undefined;
    const equipment = equipped(parts, shared, lineup);
    equipment.program.tellTrouble();
    const known = exposedDirectories(inForce.command);
    for (const line of exposedDirectories(command)) if (!known.includes(line)) shared.say(line, 'warning');
    candidate = { ...equipment, lineup, backlog: command.backlog ?? defaultBacklog };
    return candidate;
  } finally {
    if (candidate === undefined) closeOpened();
  }
}

/** What it has in common with the one in force is that one's. */
async function openFiles(
  command: StartCommand,
  { command: former, ...own }: Equipment,
  shared: Shared,
): Promise<Omit<Equipment, 'program'>> {
  const { closing, inbox, say, takeOver } = shared;
  const environment = closing.hold(openEnvironment(command, shared));
  // Nothing was read before that could stay: its worker would have no configuration.
  if (environment.refusal !== undefined) throw environment.refusal;
  const log = isSameLog(command, former)
    ? own.log
    : closing.hold(await openLog(command.log, loggedBy(shared, environment), inbox));
  const { statusFile: path } = command;
  const isOther = path !== undefined && path !== former.statusFile;
  const files = { say, takeOver, owner: undefined };
  if (isOther) RunStatusFile.lookForNew(path);
  const ownFile = path === undefined ? undefined : own.statusFile;
  const statusFile = isOther ? closing.hold(RunStatusFile.open(path, files)) : ownFile;
  const isSameKind = command.settings.readiness === former.settings.readiness;
  const readiness = isSameKind ? own.readiness : openedReadiness(command, shared, say);
  return { command, environment, log, statusFile, readiness };
}

export function isSameLog({ log }: StartCommand, former: StartCommand): boolean {
  return JSON.stringify(log) === JSON.stringify(former.log);
}

async function openBeside(command: StartCommand, shared: Shared): Promise<Lineup | undefined> {
  const { listeners, inheritance, inbox, say } = shared;
  const { stopRequested } = inbox;
  const specs = checkedSpecs(command.listeners, inheritance, say);
  const resolved = await Promise.race([withAddresses(specs), stopRequested]);
  if (resolved === undefined) return undefined;
  const { gone } = listeners.match(resolved, ownDirectory());
  const inherited = new Set(inheritance.descriptors);
  const opening = {
    backlog: command.backlog ?? defaultBacklog,
    access: fileAccess(command.pathAccess),
    say,
    stopRequested,
  };
  const leaving = gone.map((one) => one.spec);
  return listeners.openBeside(
    resolved,
    inherited,
    ownDirectory(),
    (spec, earlier) => unlessStillBound(spec, leaving, () => openListener(spec, { ...opening, earlier })),
    (wanted) => listenFdsFor(command, resolved, wanted, listeners.listenFds, inherited),
  );
}

/** As before, since neither what is given so nor what systemd has handed down can change. */
function listenFdsFor(
  { listenFds }: StartCommand,
  specs: readonly ListenerSpec[],
  wanted: Wanted,
  before: ListenFds,
  inherited: ReadonlySet<number>,
): ListenFds {
  if (listenFds === undefined) return noListenFds;
  const numbers = new Map(wanted.map(({ spec, held }) => [spec, held?.number]));
  return valueOf(listAgain(before, specs, (spec) => numbers.get(spec), inherited));
}

/** One that the command line in force is about to give up may be in the way: it has to serve until then. */
export async function unlessStillBound<T>(
  spec: ListenerSpec,
  gone: readonly ListenerSpec[],
  open: () => T | Promise<T>,
): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof AddressInUse)) throw error;
    const rival = rivalOf(spec, gone);
    if (rival === undefined) throw error.failure;
    const message = failures.stillBound(spec.key, addon.strerror(addressInUse), rival.key);
    throw new StarterError({ message, exitCode: addressInUse }, error.cause);
  }
}
