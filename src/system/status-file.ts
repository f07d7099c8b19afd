import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { bytes } from './bytes.js';

/** The list of live workers, replaced as a whole so that readers never see half of it. */
export class StatusFile {
  readonly #path: Buffer;
  readonly #temporary: Buffer;
  #written = false;

  /** `path` is a byte string, relative to the directory the superdaemon was started in. */
  constructor(path: string) {
    this.#path = bytes(path);
    this.#temporary = bytes(StatusFile.temporaryOf(path));
  }

  static temporaryOf(path: string): string {
    return `${path}.${String(process.pid)}`;
  }

  /** Throws what a later `write` would throw, leaving nothing behind. */
  probe(): void {
    closeSync(openSync(this.#temporary, 'w'));
    try {
      const directory = statSync(this.#path, { throwIfNoEntry: false })?.isDirectory() === true;
      if (directory) renameSync(this.#temporary, this.#path);
    } finally {
      rmSync(this.#temporary, { force: true });
    }
  }

  /** Throws when the system refuses; the last complete file stays then, where the original left an empty one. */
  write(content: string): void {
    try {
      writeFileSync(this.#temporary, bytes(content));
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

/** The content of anybody's status file. Throws what the system refuses. */
export function readStatusFile(path: string): string {
  return readFileSync(bytes(path), 'latin1');
}
