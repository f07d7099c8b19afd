import { lookUp, workerEnvironment, type EnvironmentLayers } from '../core/environment.js';
import { readEnvdir } from '../system/envdir.js';
import { isSystemError } from '../system/system-error.js';

/** The environment of the next worker: what the superdaemon was started with, its options, and the envdir as it is now. */
export class WorkerEnvironment {
  #layers: EnvironmentLayers;

  constructor(start: readonly string[], options: ReadonlyMap<string, string>) {
    this.#layers = { start, options, envdir: new Map() };
    this.reload();
  }

  /** The directory in force; a file ENVDIR in it names the one that is read from the next time on. */
  get envdir(): string | undefined {
    return this.lookUp('ENVDIR');
  }

  /** Reads the envdir again; variables whose file is gone get back the value they have without it. */
  reload(): void {
    const directory = this.envdir;
    try {
      this.#layers = { ...this.#layers, envdir: directory === undefined ? new Map() : readEnvdir(directory) };
    } catch (error) {
      // Out of descriptors or memory: what was read last stays, and the next fork tries again.
      if (!isSystemError(error)) throw error;
    }
  }

  lookUp(name: string): string | undefined {
    return lookUp(this.#layers, name);
  }

  /** The whole environ, with `own` above all else. */
  entries(own: ReadonlyMap<string, string>): string[] {
    return workerEnvironment(this.#layers, own);
  }
}
