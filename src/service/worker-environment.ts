import { lookUp, workerEnvironment, type EnvironmentLayers } from '../core/workers/environment.js';
import { messages } from '../core/loop/messages.js';
import { readEnvdir } from '../system/files/envdir.js';
import { isSystemError } from '../system/engine/system-error.js';
import { reasonOf } from './attempt.js';

/** The environment of the next worker: what the superdaemon was started with, its options, and the envdir as it is now. */
export class WorkerEnvironment {
  #layers: EnvironmentLayers;
  #trouble: string | undefined;

  constructor(start: readonly string[], options: ReadonlyMap<string, string>) {
    this.#layers = { start, options, envdir: new Map() };
    this.reload();
  }

  /** The directory in force; a file ENVDIR in it names the one that is read from the next time on. */
  get envdir(): string | undefined {
    return this.lookUp('ENVDIR');
  }

  /** Why something of the envdir could not be read when it was last tried, as a line of the log. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Reads the envdir again; variables whose file is gone get back the value they have without it. */
  reload(): void {
    const { envdir: directory = '' } = this;
    let trouble: string | undefined;
    try {
      const envdir = readEnvdir(directory, (path, error) => {
        trouble ??= messages.envdirUnread(path, reasonOf(error));
      });
      this.#layers = { ...this.#layers, envdir };
    } catch (error) {
      // Out of descriptors or memory: what was read last stays, and the next fork tries again.
      if (!isSystemError(error)) throw error;
    }
    this.#trouble = trouble;
  }

  lookUp(name: string): string | undefined {
    return lookUp(this.#layers, name);
  }

  /** The whole environ, with `own` above all else. */
  entries(own: ReadonlyMap<string, string>): string[] {
    return workerEnvironment(this.#layers, own);
  }
}
