import { closeSync, constants, statSync } from 'node:fs';
import { bytes } from '../engine/bytes.js';
import type { Output } from './output.js';
import { lookSafely, openSafely } from '../files/safe-open.js';
import { isSystemError } from '../engine/system-error.js';

/** The file of `--log-file`: appended to, made with 0666 less the umask, relative to the starting directory. */
export class LogFile {
  /** Undefined once it has become the place for all output. */
  #descriptor: number | undefined;

  private constructor(
    private readonly path: string,
    private readonly output: Output,
  ) {}

  /** Opens the file; throws what the system refuses, and ENXIO for a named pipe that nobody reads. */
  static open(path: string, output: Output): LogFile {
    const file = new LogFile(path, output);
    file.#descriptor = file.#open();
    return file;
  }

  /** Throws what the system would refuse, and opens nothing: the reader of a named pipe would meet its end. */
  static look(path: string): void {
    lookSafely(path, constants.W_OK);
  }

  /** Goes on with a file that is the place for all output already. */
  static takeUp(path: string, output: Output): LogFile {
    return new LogFile(path, output);
  }

  /** Whether the error means a named pipe without a reader; a device may refuse with the same one. */
  static isUnread(path: string, error: unknown): boolean {
    return (
      isSystemError(error) &&
      error.code === 'ENXIO' &&
      statSync(bytes(path), { throwIfNoEntry: false })?.isFIFO() === true
    );
  }

  /** From here on all output goes to the file. */
  redirect(): void {
    this.output.redirect(this.#descriptor ?? this.#open());
    this.#descriptor = undefined;
  }

  /** After a rotation: output goes to the file that has the name now. Throws, and goes on as before, when refused. */
  reopen(): void {
    const fresh = this.#open();
    if (this.#descriptor === undefined) {
      this.output.redirect(fresh);
    } else {
      closeSync(this.#descriptor); // during the start: messages still go to the caller
      this.#descriptor = fresh;
    }
  }

  /** Where output is to go when it is not redirected yet. */
  get descriptor(): number | undefined {
    return this.#descriptor;
  }

  /** Where nothing was redirected to it. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #open(): number {
    return openSafely(this.path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
  }
}
