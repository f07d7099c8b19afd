import type { PathAccess } from '../core/command-line/path-access.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { failures } from '../core/text/failures.js';
import { addon } from '../system/engine/addon.js';
import { attempt } from './attempt.js';

/** The part of a request for a unix socket that says whose its file is, and who may connect. */
export interface FileAccess {
  readonly mode?: number;
  readonly owner?: number;
  readonly group?: number;
}

/** Throws a StarterError for a name that nobody has. */
export function fileAccess({ mode, user, group }: PathAccess): FileAccess {
  return {
    ...(mode !== undefined && { mode }),
    ...(user !== undefined && { owner: numberOf('user', user, (name) => addon.userId(name)) }),
    ...(group !== undefined && { group: numberOf('group', group, (name) => addon.groupId(name)) }),
  };
}

/** A text of digits is a number, as it is for chown(1) where nobody has that name. */
function numberOf(kind: 'user' | 'group', name: string, look: (name: string) => number): number {
  if (/^\d{1,10}$/.test(name) && Number(name) < 2 ** 32 - 1) return Number(name);
  return attempt(
    () => look(name),
    (reason) => failures.unknownOwner(kind, name, reason),
    () => exitCodes.usage.code,
  );
}
