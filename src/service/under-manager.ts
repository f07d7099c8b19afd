/** What a superdaemon that a service manager has started is told by it, and what of that workers do not get. */
import {
  readManagerEnvironment,
  withoutVariables,
  type ManagerEnvironment,
} from '../core/manager/manager-environment.js';
import { leadsIntoJournal } from '../system/manager/journal-stream.js';
import { Notifier } from '../system/manager/notifier.js';
import { printable } from '../system/output/printable.js';
import { markPriorities } from '../system/output/stdio.js';
import type { Inheritance } from '../system/processes/inheritance.js';

export interface UnderManager {
  /** Undefined where there is no manager, or where it is not to be told anything. */
  readonly manager: ManagerEnvironment | undefined;
  /** What workers inherit: everything but what was meant for this process. */
  readonly inheritance: Inheritance;
}

/**
 * `ours` are the pids that count as this process, its own first. From here on lines of the log have their priority,
 * where they go into the journal.
 */
export function underManager(inheritance: Inheritance, ours: readonly number[]): UnderManager {
  const manager = readManagerEnvironment(inheritance.environment, ours);
  if (leadsIntoJournal(manager.journal)) markPriorities();
  const given = manager.descriptors.map(({ descriptor }) => descriptor);
  return {
    manager,
    inheritance: {
      ...inheritance,
      environment: withoutVariables(inheritance.environment),
      descriptors: inheritance.descriptors.filter((descriptor) => !given.includes(descriptor)),
    },
  };
}

/** Workers get all that a manager has told, as in the original. */
export function withoutManager(inheritance: Inheritance): UnderManager {
  return { manager: undefined, inheritance };
}

/** Tells why there is no service, for `systemctl status`. */
export function tellFailedStart({ notifySocket }: ManagerEnvironment, reason: string): void {
  if (notifySocket === undefined) return;
  const notifier = new Notifier(notifySocket, { later: () => undefined, refused: () => undefined });
  notifier.send(`STATUS=${printable(reason)}`);
}
