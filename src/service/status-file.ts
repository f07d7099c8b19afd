/** The status file of a run, with the messages about it. */
import type { StatusFilePart } from '../core/handover/document.js';
import { messages } from '../core/loop/messages.js';
import type { Worker } from '../core/loop/types.js';
import { formatStatus } from '../core/report/status-format.js';
import { addon } from '../system/engine/addon.js';
import { isSystemError } from '../system/engine/system-error.js';
import { draftOf } from '../system/files/draft.js';
import { StatusFile } from '../system/files/status-file.js';
import { attempt } from './attempt.js';
import type { FilesParts } from './files-parts.js';
import { Trouble, type Say } from './say.js';

/** The status file of a run. A failure to write it is told once; the service goes on, and the next change tries again. */
export class RunStatusFile {
  readonly #trouble: Trouble;
  #last: readonly Worker[] | undefined;

  private constructor(
    private readonly path: string,
    private readonly file: StatusFile,
    say: Say,
    told?: string,
  ) {
    this.#trouble = new Trouble(say, told);
  }

  /** Makes sure that it can be written; throws a StarterError if it cannot. */
  static open(path: string, { say, takeOver }: FilesParts): RunStatusFile {
    const file = new StatusFile(path);
    attempt(() => {
      file.probe();
    }, refusedBy(path));
    const opened = new RunStatusFile(path, file, say);
    // The process that had this file before has removed it at its end.
    takeOver.afterwards(() => {
      if (opened.#last !== undefined) opened.write(opened.#last);
    });
    return opened;
  }

  /** Throws what `open` would throw. */
  static look(path: string): void {
    attempt(() => {
      new StatusFile(path).look();
    }, refusedBy(path));
  }

  /** Throws what `write` would tell of a file at which something is that it must not take the place of. */
  static lookToReplace(path: string): void {
    attempt(() => {
      new StatusFile(path).lookToReplace();
    }, refusedBy(path));
  }

  /** Throws for both: a superdaemon that serves has no need to go on without it, as a start would. */
  static lookForNew(path: string): void {
    RunStatusFile.look(path);
    RunStatusFile.lookToReplace(path);
  }

  static takeUp(path: string, { written, trouble }: StatusFilePart, say: Say): RunStatusFile {
    return new RunStatusFile(path, new StatusFile(path, written), say, trouble);
  }

  write(workers: readonly Worker[]): void {
    this.#last = workers;
    this.#trouble.tell(this.#failureToWrite(workers));
  }

  handOver(): StatusFilePart {
    const trouble = this.#trouble.told;
    return { written: this.file.written, ...(trouble === undefined ? {} : { trouble }) };
  }

  /** Removes it. */
  close(): void {
    this.file.remove();
  }

  #failureToWrite(workers: readonly Worker[]): string | undefined {
    try {
      this.file.write(formatStatus(workers));
      return undefined;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      return refusedBy(this.path)(addon.strerror(error.errno), error.syscall);
    }
  }
}

function refusedBy(path: string): (reason: string, stage: string) => string {
  return (reason, stage) => messages.statusFailed(stage, draftOf(path), path, reason);
}
