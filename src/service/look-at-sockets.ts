/** The sockets of a start, before it: whether each could be had, from whom ever it would come. */
import type { StartCommand } from '../core/command-line/command.js';
import type { ListenerSpec, ListenerSpecs } from '../core/command-line/port-spec.js';
import type { ManagerEnvironment } from '../core/manager/manager-environment.js';
import { StarterError } from '../core/text/starter-error.js';
import type { Inheritance } from '../system/processes/inheritance.js';
import { AddressInUse } from './address-in-use.js';
import type { Closing } from './closing.js';
import { compareSpecs } from './equipment.js';
import { fileAccess } from './file-access.js';
import type { Findings } from './findings.js';
import { GivenListeners } from './given-listeners.js';
import { LeftWorkers } from './left-workers.js';
import { lookAtListener, withAddress } from './open-listener.js';
import { listenFdsFor } from './open-listeners.js';
import type { Owner } from './owner.js';

export interface SocketsParts {
  readonly inheritance: Inheritance;
  readonly manager: ManagerEnvironment | undefined;
  /** Who still has the sockets. */
  readonly owner: Owner | undefined;
  /** Whether the pid file could be locked, so that no superdaemon runs that has written the status file. */
  readonly isAlone: boolean;
  readonly findings: Findings;
  readonly closing: Closing;
}

export async function lookAtSockets(
  command: StartCommand,
  specs: readonly ListenerSpec[],
  parts: SocketsParts,
): Promise<void> {
  const { findings, closing, manager } = parts;
  const resolved = await resolvedIn(specs, findings);
  const had = await hadAlready(command, resolved, parts);
  const access = (await findings.part(() => fileAccess(command.pathAccess))) ?? {};
  const isGivenLater = command.systemd && (manager?.descriptors ?? []).length === 0;
  for (const [index, spec] of resolved.entries()) {
    if (had.has(spec)) continue;
    await findings.part(() => {
      const look = () => lookAtListener(spec, { access, earlier: resolved.slice(0, index) });
      const listener = isGivenLater ? unlessOfManager(look) : look();
      if (listener !== undefined) closing.hold(listener);
    });
  }
}

/** Those that can be read; all mistakes are found. */
export async function readableIn(
  { specs, mistakes }: ListenerSpecs,
  inheritance: Inheritance,
  findings: Findings,
): Promise<readonly ListenerSpec[]> {
  for (const mistake of mistakes)
    await findings.part(() => {
      throw new StarterError(mistake);
    });
  await findings.part(() => {
    compareSpecs(specs, inheritance, findings.say);
  });
  return specs;
}

/** Those whose names have addresses. */
export async function resolvedIn(specs: readonly ListenerSpec[], findings: Findings): Promise<ListenerSpec[]> {
  const resolved: ListenerSpec[] = [];
  for (const spec of specs) {
    const found = await findings.part(() => withAddress(spec, resolved));
    if (found !== undefined) resolved.push(found);
  }
  return resolved;
}

/** Those that come from the manager, the owner, or workers that were left. */
async function hadAlready(
  command: StartCommand,
  resolved: readonly ListenerSpec[],
  { inheritance, manager, owner, isAlone, findings }: SocketsParts,
): Promise<ReadonlySet<ListenerSpec>> {
  const { pidFile, statusFile, listenFds: scope } = command;
  const given = await findings.part(() => {
    const listeners = new GivenListeners(resolved, manager?.descriptors ?? [], scope);
    listenFdsFor(command, resolved, listeners, new Set(inheritance.descriptors));
    return listeners;
  });
  const taken = owner && (await findings.part(() => owner.look(resolved)));
  const mayBeLeft = owner === undefined && pidFile !== undefined && statusFile !== undefined && isAlone;
  const left = mayBeLeft ? LeftWorkers.look(statusFile, resolved) : [];
  return new Set([...resolved.filter((spec) => given?.nameOf(spec) !== undefined), ...(taken ?? []), ...left]);
}

/** A socket unit may have it: it is handed down to the service itself, and not to what is run before it. */
function unlessOfManager<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof AddressInUse && error.mayBeOfManager) return undefined;
    throw error;
  }
}
