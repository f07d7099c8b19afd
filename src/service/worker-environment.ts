import type { EnvironmentPart } from '../core/handover/document.js';
import { lookUp, workerEnvironment, type EnvironmentLayers } from '../core/workers/environment.js';
import { messages } from '../core/loop/messages.js';
import type { SystemError } from '../system/engine/addon.js';
import { EnvdirWatch, readEnvdir } from '../system/files/envdir.js';
import { addon } from '../system/engine/addon.js';
import { closeDescriptor } from '../system/engine/descriptors.js';
import { isSystemError } from '../system/engine/system-error.js';
import { reasonOf } from './attempt.js';

/** The environment of the next worker: what the superdaemon was started with, its options, and the envdir as it is now. */
export class WorkerEnvironment {
  #layers: EnvironmentLayers;
  #trouble: string | undefined;
  #refusal: SystemError | undefined;
  readonly #watch: EnvdirWatch;

  private constructor(
    layers: EnvironmentLayers,
    private readonly changed: () => void,
  ) {
    this.#layers = layers;
    this.#watch = new EnvdirWatch(changed);
  }

  /** `changed` is called when the envdir changes; otherwise a change would be seen at the next fork only. */
  static read(start: readonly string[], options: ReadonlyMap<string, string>, changed: () => void): WorkerEnvironment {
    const environment = new WorkerEnvironment({ start, options, envdir: new Map() }, changed);
    environment.reload();
    return environment;
  }

  /** Goes on with the envdir as the image before has read it. If it has changed since, that is told. */
  static takeUp(
    start: readonly string[],
    options: ReadonlyMap<string, string>,
    changed: () => void,
    { envdir, trouble }: EnvironmentPart,
  ): WorkerEnvironment {
    const variables = new Map(envdir.map(({ name, value }) => [name, value]));
    const environment = new WorkerEnvironment({ start, options, envdir: variables }, changed);
    environment.#trouble = trouble;
    const directory = environment.lookUp('ENVDIR') ?? '';
    environment.#watch.watch(directory);
    if (directory !== '') changed();
    return environment;
  }

  handOver(): EnvironmentPart {
    const envdir = Array.from(this.#layers.envdir, ([name, value]) => ({ name, value }));
    return { envdir, ...(this.#trouble === undefined ? {} : { trouble: this.#trouble }) };
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

  /** Whether there is an envdir, or there was one when it was last read. Without one nothing of this ever changes. */
  get hasEnvdir(): boolean {
    return this.#layers.envdir.size > 0 || (this.lookUp('ENVDIR') ?? '') !== '';
  }

  /** Reads the envdir again; variables whose file is gone get back the value they have without it. */
  reload(): void {
    // A file ENVDIR in this directory names the directory that is read from the next time on.
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

  /**
   * A descriptor that can be read from once the envdir changes, for the time in which this process does not look; undefined
   * where there is no envdir. 'changed' where it has changed already, which is told like any change.
   */
  watchForChange(): number | 'changed' | undefined {
    const { paths, hasTold } = this.#watch;
    if (hasTold) return 'changed'; // and is about to be read
    if (paths.length === 0) return undefined;
    const watch = addon.watchPaths(paths);
    try {
      const there = readEnvdir(this.lookUp('ENVDIR') ?? '');
      if (isSame(there, this.#layers.envdir)) return watch;
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
    closeDescriptor(watch);
    this.changed();
    return 'changed';
  }

  close(): void {
    this.#watch.close();
  }
}

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([name, value]) => other.get(name) === value);
}
