/** How a service comes by its sockets: from those who have them, or from the system. */
import type { StartCommand } from '../core/command-line/command.js';
import type { ListenerSpec } from '../core/command-line/port-spec.js';
import { defaultBacklog } from '../system/engine/platform.js';
import type { Inheritance } from '../system/processes/inheritance.js';
import { LeftWorkers } from './left-workers.js';
import type { Listeners } from './listeners.js';
import { openListener, withAddresses } from './open-listener.js';
import type { Owner } from './owner.js';
import type { Say } from './say.js';
import type { TakeOver } from './take-over.js';

export interface ListenersParts {
  readonly command: StartCommand;
  readonly inheritance: Inheritance;
  readonly stopRequested: Promise<void>;
  readonly takeOver: TakeOver;
  /** Who has the sockets yet. */
  readonly owner: Owner | undefined;
  readonly say: Say;
}

/** False when a stop signal came before all were open: a name had to be looked up, or others still had a socket. */
export async function openListeners(
  listeners: Listeners,
  specs: readonly ListenerSpec[],
  { command, inheritance, stopRequested, takeOver, owner, say }: ListenersParts,
): Promise<boolean> {
  const resolved = await Promise.race([withAddresses(specs), stopRequested]);
  if (resolved === undefined) return false;
  const { pidFile, statusFile, settings, backlog = defaultBacklog } = command;
  const left = new LeftWorkers(stopRequested, say);
  if (owner !== undefined) owner.handOver(resolved, takeOver, say);
  else if (pidFile !== undefined && statusFile !== undefined) left.succeed(statusFile, resolved, settings, takeOver);
  const opening = { backlog, say, stopRequested };
  return listeners.open(
    resolved,
    new Set(inheritance.descriptors),
    async (spec, earlier) =>
      takeOver.take(spec) ?? left.opened(spec, () => openListener(spec, { ...opening, earlier })),
  );
}
