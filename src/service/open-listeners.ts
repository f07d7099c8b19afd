/** Where a service gets its sockets: from the service manager, from processes that have them, or from the system. */
import type { StartCommand } from '../core/command-line/command.js';
import type { ListenerSpec } from '../core/command-line/port-spec.js';
import { noListenFds, planListenFds, type ListenFds } from '../core/manager/listen-fds.js';
import { StarterError } from '../core/text/starter-error.js';
import { defaultBacklog } from '../system/engine/platform.js';
import type { Inheritance } from '../system/processes/inheritance.js';
import { fileAccess } from './file-access.js';
import { GivenListeners } from './given-listeners.js';
import { LeftWorkers } from './left-workers.js';
import type { Listeners } from './listeners.js';
import type { Manager } from './manager.js';
import { openListener, withAddresses } from './open-listener.js';
import type { Owner } from './owner.js';
import type { Say } from './say.js';
import type { TakeOver } from './take-over.js';

export interface ListenersParts {
  readonly command: StartCommand;
  readonly inheritance: Inheritance;
  readonly stopRequested: Promise<void>;
  readonly manager: Manager | undefined;
  readonly takeOver: TakeOver;
  /** Who still has the sockets. */
  readonly owner: Owner | undefined;
  readonly say: Say;
}

/**
 * Opens them all, and has LISTEN_FDS tell workers of them. False when a stop signal came before all were open: a name had
 * to be looked up, or others still had a socket.
 */
export async function openListeners(
  listeners: Listeners,
  specs: readonly ListenerSpec[],
  parts: ListenersParts,
): Promise<boolean> {
  const { command, inheritance, stopRequested, manager, takeOver, owner, say } = parts;
  const resolved = await Promise.race([withAddresses(specs), stopRequested]);
  if (resolved === undefined) return false;
  const given = (await manager?.listeners(resolved, command.listenFds)) ?? new GivenListeners(resolved, [], undefined);
  const inherited = new Set(inheritance.descriptors);
  const listenFds = listenFdsFor(command, resolved, given, inherited);
  const { pidFile, statusFile, settings, backlog = defaultBacklog } = command;
  const left = new LeftWorkers(stopRequested, say);
  if (owner !== undefined) owner.handOver(resolved, takeOver, say);
  else if (pidFile !== undefined && statusFile !== undefined) left.succeed(statusFile, resolved, settings, takeOver);
  const opening = { backlog, say, stopRequested, access: fileAccess(command.pathAccess) };
  const areOpen = await listeners.open(
    resolved,
    inherited,
    async (spec, earlier) =>
      given.take(spec) ?? takeOver.take(spec) ?? left.opened(spec, () => openListener(spec, { ...opening, earlier })),
  );
  if (!areOpen) return false;
  listeners.tellWorkers(listenFds);
  manager?.keep(listeners.all.filter(({ spec }) => given.nameOf(spec) === undefined));
  return true;
}

/** What LISTEN_FDS is to tell of them. */
export function listenFdsFor(
  { listenFds }: StartCommand,
  specs: readonly ListenerSpec[],
  given: GivenListeners,
  inherited: ReadonlySet<number>,
): ListenFds {
  if (listenFds === undefined) return noListenFds;
  const plan = planListenFds(specs, (spec) => given.nameOf(spec), given.unnamed, inherited);
  if (!plan.ok) throw new StarterError(plan.error);
  return plan.value;
}
