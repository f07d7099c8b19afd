/** One look at a running superdaemon: at its control socket or, where nobody answers there, at its files. */
import type { Target } from '../core/command-line/control-command.js';
import type { Sight } from '../core/report/awaited.js';
import { StarterError } from '../core/text/starter-error.js';
import { OtherProcess } from '../system/processes/process.js';
import { waitedForBy } from '../system/processes/waited-for.js';
import { statusOf } from './show-status.js';

/** What a command for a running superdaemon may be given to find it by. */
export interface Files {
  readonly pidFile: string;
  readonly statusFile?: string | undefined;
}

/** For how long an answer is waited for. */
const patience = { text: '1', seconds: 1 };

/** Undefined where nobody answers, or nothing can be seen. */
export async function look({ control, files }: Target<Files>): Promise<Sight | undefined> {
  const bySocket = control === undefined ? undefined : await statusAt({ control, files: undefined });
  if (bySocket !== undefined || files === undefined) return bySocket;
  const { pidFile, statusFile } = files;
  const byFiles = await statusAt({ control: undefined, files: { pidFile, statusFile } });
  return byFiles && withNewWorkers(byFiles);
}

async function statusAt(
  place: Target<{ readonly pidFile: string; readonly statusFile: string | undefined }>,
): Promise<Sight | undefined> {
  try {
    return await statusOf({ ...place, timeout: patience });
  } catch (error) {
    if (error instanceof StarterError) return undefined;
    throw error;
  }
}

/** A child that the status file does not name is on probation, or was just accepted. */
function withNewWorkers(sight: Sight): Sight {
  const named = sight.workers.map(({ pid }) => pid);
  const others = waitedForBy(sight.pid).filter((pid) => !named.includes(pid));
  const starting = others.map((pid) => {
    const age = new OtherProcess(pid).age();
    return { pid, state: 'starting', ...(age === undefined ? {} : { age }) } as const;
  });
  return { ...sight, workers: [...sight.workers, ...starting] };
}
