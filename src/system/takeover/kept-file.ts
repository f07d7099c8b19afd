import { linkSync, lstatSync, realpathSync, unlinkSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { bytes } from '../engine/bytes.js';

/**
 * The file of a unix socket that another process may remove, which has made it. It has a second name meanwhile, by which it
 * is put back: nothing else can bring back the file of a socket, and no client comes by the second name.
 */
export class KeptFile {
  readonly #watcher: FSWatcher | undefined;
  #wasRestored = false;

  private constructor(
    private readonly path: string,
    private readonly second: string,
  ) {
    this.#watcher = this.#watched();
  }

  /** Throws what the system refuses. */
  static keep(path: string): KeptFile {
    const real = realpathSync.native(bytes(path), 'latin1');
    const second = `${dirname(real)}/.${basename(real)}.${String(process.pid)}`;
    linkSync(bytes(real), bytes(second));
    return new KeptFile(real, second);
  }

  /** Whether it was put back: then no other process removes it any more. */
  get wasRestored(): boolean {
    return this.#wasRestored;
  }

  /** Puts it back if it is gone. Another file that has come to its place stays. */
  restore(): void {
    try {
      if (lstatSync(bytes(this.path), { throwIfNoEntry: false }) !== undefined) return;
      linkSync(bytes(this.second), bytes(this.path));
      this.#wasRestored = true;
    } catch {
      // put there in this very moment, or its directory is gone: nothing that an error could mend
    }
  }

  /** To be called when nobody removes it any more, or when that does not matter any more. */
  release(): void {
    this.#watcher?.close();
    try {
      unlinkSync(bytes(this.second));
    } catch {
      // removed by somebody else, or its directory was
    }
  }

  /** Undefined where no watch is left: then the file is only put back when somebody looks. */
  #watched(): FSWatcher | undefined {
    try {
      const watcher = watch(bytes(dirname(this.path)), { persistent: false, encoding: 'latin1' }, (_, name) => {
        if (name === basename(this.path)) this.restore();
      });
      watcher.on('error', () => {
        watcher.close(); // the directory is gone
      });
      return watcher;
    } catch {
      return undefined;
    }
  }
}
