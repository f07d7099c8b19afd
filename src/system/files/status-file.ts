import { closeSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { bytes } from '../engine/bytes.js';
import { draftOf, openDraft } from './draft.js';
import { readBeginning } from '../engine/read-beginning.js';

/** A status file has some twenty bytes for each worker; what is longer is none. */
const longestStatus = 2 ** 20;

/** The list of live workers, replaced as a whole so that readers never see half of it. */
export class StatusFile {
  readonly #path: Buffer;
  readonly #temporary: Buffer;
  #written: boolean;

  /** A byte string, relative to the directory the superdaemon was started in; `written` by an image before. */
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

  /** Throws what a later `write` would throw, leaving nothing behind. */
  probe(): void {
    closeSync(openDraft(this.path, 0o666));
    try {
      const directory = statSync(this.#path, { throwIfNoEntry: false })?.isDirectory() === true;
      if (directory) renameSync(this.#temporary, this.#path);
    } finally {
      rmSync(this.#temporary, { force: true });
    }
  }

  /** Throws when the system refuses; the last complete file stays then, where the original left an empty one. */
  write(content: string): void {
    const draft = openDraft(this.path, 0o666);
    try {
      writeAndClose(draft, bytes(content));
      renameSync(this.#temporary, this.#path);
      this.#written = true;
    } catch (error) {
      rmSync(this.#temporary, { force: true });
      throw error;
    }
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
 * The content of anybody's status file. Throws what the system refuses. It may be anything: no pipe is waited for, and no
 * endless file is read to its end.
 */
export function readStatusFile(path: string): string {
  return readBeginning(path, longestStatus);
}
