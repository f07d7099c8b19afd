import { lookUp, workerEnvironment, type EnvironmentLayers } from '../core/workers/environment.js';
import { messages } from '../core/loop/messages.js';
import type { SystemError } from '../system/engine/addon.js';
import { EnvdirWatch, readEnvdir } from '../system/files/envdir.js';
import { isSystemError } from '../system/engine/system-error.js';
import { reasonOf } from './attempt.js';

/** The environment of the next worker: what the superdaemon was started with, its options, and the envdir as it is now. */
export class WorkerEnvironment {
  #layers: EnvironmentLayers;
  #trouble: string | undefined;
  #refusal: SystemError | undefined;
  readonly #watch: EnvdirWatch;

  /** Without `changed`, which is called when the envdir is, that would be seen at the next fork only. */
  constructor(start: readonly string[], options: ReadonlyMap<string, string>, changed: () => void) {
    this.#layers = { start, options, envdir: new Map() };
    this.#watch = new EnvdirWatch(changed);
    this.reload();
  }

  /** Why something of the envdir could not be read when it was last tried, as a line of the log. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Why the envdir could not be looked at when that was last tried: there was no descriptor, or no memory, for it. */
  get refusal(): SystemError | undefined {
    return this.#refusal;
  }

  /** The environ of what runs beside the workers: without SERVER_STARTER_PORT and SERVER_STARTER_GENERATION. */
  get besideWorkers(): string[] {
    return this.entries(new Map());
  }

  /** Reads the envdir again; variables whose file is gone get back the value they have without it. */
  reload(): void {
    // The directory in force; a file ENVDIR in it names the one that is read from the next time on.
    const directory = this.lookUp('ENVDIR') ?? '';
    this.#watch.watch(directory); // first, so that no change falls between
    let trouble: string | undefined;
    this.#refusal = undefined;
    try {
      const envdir = readEnvdir(directory, (path, error) => {
        trouble ??= messages.envdirUnread(path, reasonOf(error));
      });
      this.#layers = { ...this.#layers, envdir };
    } catch (error) {
      // Out of descriptors or memory: what was read last stays, and the next fork tries again.
      if (!isSystemError(error)) throw error;
      this.#refusal = error;
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

  close(): void {
    this.#watch.close();
  }
}
