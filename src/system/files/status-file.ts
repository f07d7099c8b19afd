import { closeSync, lstatSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { bytes } from '../engine/bytes.js';
import { systemError } from '../engine/system-error.js';
import { draftOf, openDraft } from './draft.js';
import { lookForNewFile } from './look-at-place.js';
import { readBeginning } from '../engine/read-beginning.js';

/** A status file has some twenty bytes for each worker; a longer file is something else. */
const longestStatus = 2 ** 20;

/** The list of live workers, replaced as a whole so that readers never see half of it. */
export class StatusFile {
  readonly #path: Buffer;
  readonly #temporary: Buffer;
  #written: boolean;

  /** `path` is relative to the directory in which the superdaemon was started; `written`: by the image before. */
  constructor(
    private readonly path: string,
    written = false,
  ) {
    this.#written = written;
    this.#path = bytes(path);
    this.#temporary = bytes(draftOf(path));
  }

  /** Whether this process has ever written it. */
  get written(): boolean {
    return this.#written;
  }

  /** Throws what `probe` would throw, and makes nothing. */
  look(): void {
    lookForNewFile(draftOf(this.path));
    if (this.#isDirectory()) throw systemError('EISDIR', 'rename');
  }

  /** Throws what a later `write` would throw, leaving nothing behind. */
  probe(): void {
    closeSync(openDraft(this.path, 0o666));
    try {
      if (this.#isDirectory()) renameSync(this.#temporary, this.#path);
    } finally {
      rmSync(this.#temporary, { force: true });
    }
  }

  /** Throws where something is there that a file must not take the place of: a socket, a pipe, a device or a directory. */
  lookToReplace(): void {
    const entry = lstatSync(this.#path, { throwIfNoEntry: false });
    if (entry === undefined || entry.isFile() || entry.isSymbolicLink()) return;
    throw systemError(entry.isDirectory() ? 'EISDIR' : 'EEXIST', 'rename');
  }

  /** Throws what the system refuses, and `lookToReplace`. The last complete file stays then, while the original left an empty one. */
  write(content: string): void {
    const draft = openDraft(this.path, 0o666);
    try {
      writeAndClose(draft, bytes(content));
      this.lookToReplace();
      renameSync(this.#temporary, this.#path);
      this.#written = true;
    } catch (error) {
      rmSync(this.#temporary, { force: true });
      throw error;
    }
  }

  #isDirectory(): boolean {
    return lstatSync(this.#path, { throwIfNoEntry: false })?.isDirectory() === true;
  }

  /** Removes the file if this process ever wrote it. */
  remove(): void {
    if (!this.#written) return;
    try {
      unlinkSync(this.#path);
    } catch {
      // removed by somebody else, or its directory was
    }
  }
}

function writeAndClose(descriptor: number, content: Buffer): void {
  try {
    writeFileSync(descriptor, content);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * The content of a status file that anybody may have written. Throws what the system refuses. The file may be anything:
 * a pipe is not waited for, and an endless file is not read to its end.
 */
export function readStatusFile(path: string): string {
  return readBeginning(path, longestStatus);
}
