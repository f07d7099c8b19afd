import { closeSync, constants, openSync, statSync } from 'node:fs';
import { bytes } from './bytes.js';
import type { Output } from './output.js';
import { openUnplanted } from './planted.js';

/** The file of `--log-file`: appended to, made with 0666 less the umask, relative to the starting directory. */
export class LogFile {
  #descriptor: number | undefined;

  /** Opens the file; throws what the system refuses. */
  constructor(
    private readonly path: string,
    private readonly output: Output,
  ) {
    this.#descriptor = this.#open();
  }

  /** From here on all output goes to the file. */
  redirect(): void {
    this.output.redirect(this.#descriptor ?? this.#open());
    this.#descriptor = undefined;
  }

  /** After a rotation: output goes to the file that has the name now. Throws, and goes on as before, when refused. */
  reopen(): void {
    this.#refuseUnreadPipe();
    const fresh = this.#open();
    if (this.#descriptor === undefined) {
      this.output.redirect(fresh);
    } else {
      closeSync(this.#descriptor); // still starting: messages go to the caller for now
      this.#descriptor = fresh;
    }
  }

  /** To open a named pipe that nobody reads would wait for a reader, and nothing else would be done meanwhile. */
  #refuseUnreadPipe(): void {
    if (statSync(bytes(this.path), { throwIfNoEntry: false })?.isFIFO() !== true) return;
    closeSync(openSync(bytes(this.path), constants.O_WRONLY | constants.O_NONBLOCK));
  }

  #open(): number {
    return openUnplanted(this.path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
  }
}
