/** One look at a running superdaemon: at its control socket or, where nobody answers there, at its files. */
import type { Target } from '../core/command-line/control-command.js';
import type { Sight } from '../core/report/awaited.js';
import { StarterError } from '../core/text/starter-error.js';
import { OtherProcess } from '../system/processes/process.js';
import { waitedForBy } from '../system/processes/waited-for.js';
import { statusOf, type Files } from './show-status.js';

/** For how long an answer is waited for. */
const patience = { text: '1', seconds: 1 };

/** Undefined where nobody answers, or nothing can be seen. */
export async function look({ control, files }: Target<Files>): Promise<Sight | undefined> {
  const bySocket = control === undefined ? undefined : await statusAt({ control, files: undefined });
  if (bySocket !== undefined || files === undefined) return bySocket;
  const byFiles = await statusAt({ control: undefined, files });
  return byFiles && withNewWorkers(byFiles);
}

async function statusAt(place: Target<Files>): Promise<Sight | undefined> {
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
