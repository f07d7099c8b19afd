/** The status file of a run, with the messages about it. */
import { messages } from '../core/loop/messages.js';
import type { Worker } from '../core/loop/types.js';
import { formatStatus } from '../core/report/status-format.js';
import { addon } from '../system/engine/addon.js';
import { isSystemError } from '../system/engine/system-error.js';
import { draftOf } from '../system/files/draft.js';
import { StatusFile } from '../system/files/status-file.js';
import { attempt } from './attempt.js';
import { tellOnce, type Say } from './say.js';

export interface WorkersFile {
  /** A failure is told in the log once, until another one or a success follows; the next change tries again. */
  write(workers: readonly Worker[]): void;
  /** Removes it. */
  close(): void;
}

/** Makes sure that the status file can be written; that it cannot is a StarterError. */
export function openStatusFile(path: string, say: Say): WorkersFile {
  const file = new StatusFile(path);
  attempt(
    () => {
      file.probe();
    },
    (reason, stage) => messages.statusFailed(stage, draftOf(path), path, reason),
  );
  const tell = tellOnce(say);
  return {
    write: (workers) => {
      tell(failureToWrite(path, file, workers));
    },
    close: () => {
      file.remove();
    },
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
