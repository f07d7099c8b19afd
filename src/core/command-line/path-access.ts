/** Who may connect to the unix sockets of `--path`. */
import { usageFailure } from '../text/exit-codes.js';
import { failures } from '../text/failures.js';
import type { Result } from '../loop/types.js';
import type { Options } from './option-table.js';

export interface PathAccess {
  /** Permissions; undefined for the original's, 0777. */
  readonly mode: number | undefined;
  /** Names or numbers; undefined where the system decides to whom the file belongs. */
  readonly user: string | undefined;
  readonly group: string | undefined;
}

export function pathAccess({ pathMode, pathOwner }: Options): Result<PathAccess> {
  if (pathMode !== undefined && !/^0?[0-7]{3}$/.test(pathMode)) return usageFailure(failures.noMode(pathMode));
  const [, user, group] = /^([^:]*)(?::(.+))?$/s.exec(pathOwner ?? '') ?? [];
  const isNobody = (user ?? '') === '' && group === undefined;
  if (pathOwner !== undefined && isNobody) return usageFailure(failures.noOwner(pathOwner));
  const mode = pathMode === undefined ? undefined : Number.parseInt(pathMode, 8);
  return { ok: true, value: { mode, user: user === '' ? undefined : user, group } };
}
