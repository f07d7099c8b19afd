import { lookUp, workerEnvironment, type EnvironmentLayers } from '../core/environment.js';
import { readEnvdir } from '../system/envdir.js';

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
    this.#layers = { ...this.#layers, envdir: directory === undefined ? new Map() : readEnvdir(directory) };
  }

  lookUp(name: string): string | undefined {
    return lookUp(this.#layers, name);
  }

  /** The whole environ, with `own` above all else. */
  entries(own: ReadonlyMap<string, string>): string[] {
    return workerEnvironment(this.#layers, own);
  }
}
