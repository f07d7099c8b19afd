/** The status file of a run, with the messages about it. */
import { messages } from '../core/loop/messages.js';
import type { Worker } from '../core/loop/types.js';
import { formatStatus } from '../core/report/status-format.js';
import { addon } from '../system/engine/addon.js';
import { isSystemError } from '../system/engine/system-error.js';
import { draftOf } from '../system/files/draft.js';
import { StatusFile } from '../system/files/status-file.js';
import { attempt } from './attempt.js';
import type { FilesParts } from './files-parts.js';
import { tellOnce } from './say.js';

/**
 * Makes sure that the status file can be written, which `closing` removes; that it cannot is a StarterError. Gives back how
 * to write it again and again. A failure is told in the log once, until another one or a success follows; the service
 * goes on, and the next change tries again.
 */
export function openStatusFile(
  path: string,
  { say, closing, takeOver }: FilesParts,
): (workers: readonly Worker[]) => void {
  const file = new StatusFile(path);
  attempt(
    () => {
      file.probe();
    },
    (reason, stage) => messages.statusFailed(stage, draftOf(path), path, reason),
  );
  closing.add(() => {
    file.remove();
  });
  const tell = tellOnce(say);
  let last: readonly Worker[] | undefined;
  // Whoever had the same file before has removed it at its end.
  takeOver.afterwards(() => {
    if (last !== undefined) tell(failureToWrite(path, file, last));
  });
  return (workers) => {
    last = workers;
    tell(failureToWrite(path, file, workers));
  };
}

function failureToWrite(path: string, file: StatusFile, workers: readonly Worker[]): string | undefined {
  try {
    file.write(formatStatus(workers));
    return undefined;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return messages.statusFailed(error.syscall, draftOf(path), path, addon.strerror(error.errno));
  }
}
