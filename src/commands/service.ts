/** One service: a program under the superdaemon, with its sockets, its log and its files. */
import type { StartCommand } from '../core/command.js';
import { messages } from '../core/messages.js';
import type { Options } from '../core/option-table.js';
import { checkListenerSpecs, parsePathSpec, parsePortSpec, type ListenerSpec } from '../core/port-spec.js';
import { StarterError } from '../core/starter-error.js';
import type { Result } from '../core/types.js';
import { superdaemon, type Observer } from '../superdaemon.js';
import type { Children } from '../system/children.js';
import { EnvdirWatch } from '../system/envdir.js';
import type { Inheritance } from '../system/inheritance.js';
import type { Listener } from '../system/listener.js';
import type { Output } from '../system/output.js';
import type { PidFile } from '../system/pid-file.js';
import { defaultBacklog, longestSocketPath } from '../system/platform.js';
import { PosixKernel } from '../system/posix-kernel.js';
import { openLog, type Log } from './log.js';
import { openListener, withAddresses } from './open-listeners.js';
import { Program } from './program.js';
import { lockPidFile, openStatusFile, releasePidFile, statusWriter } from './run-files.js';

/** What a service depends on besides its options: whether it has the process to itself, or shares it. */
export interface Surroundings {
  /** The pid that the first line of the log names. */
  readonly pid: number;
  readonly inheritance: Inheritance;
  readonly isDaemon: boolean;
  readonly children: Children;
  readonly output: Output;
  /** Called after each fork. */
  readonly forked: () => void;
}

/** An open socket, and how it was asked for. */
export interface OpenListener {
  readonly spec: ListenerSpec;
  readonly listener: Listener;
}

type StatusWriter = ReturnType<typeof statusWriter>;

export class Service {
  readonly kernel: PosixKernel;
  readonly #program: Program;
  readonly #leave: (() => void)[] = [];
  #log: Log | undefined;
  #writeStatus: StatusWriter = () => undefined;
  #listeners: readonly OpenListener[] = [];

  /** Opens nothing yet, so that signals can be led to the kernel before anything else. */
  constructor(
    private readonly command: StartCommand,
    private readonly options: Options,
    private readonly surroundings: Surroundings,
  ) {
    const { inheritance, output, children } = surroundings;
    this.#program = new Program(command, options, inheritance, output, children);
    this.kernel = this.#makeKernel();
  }

  get listeners(): readonly OpenListener[] {
    return this.#listeners;
  }

  /** Writes one line of the log. */
  say(line: string): void {
    this.#log?.write(line);
  }

  /** After a rotation. */
  reopenLog(): void {
    this.#log?.reopen();
  }

  /** Opens log, files and sockets, these only if it is not told to stop meanwhile; throws a StarterError. */
  async open(): Promise<void> {
    const { command, surroundings } = this;
    this.#log = openLog(command.logFile, { ...surroundings, environment: this.#program.environment });
    this.say(messages.startingNow(surroundings.pid));
    const specs = this.#readSpecs();
    const pidFile = command.pidFile === undefined ? undefined : this.#lockPidFile(command.pidFile);
    if (command.statusFile !== undefined) this.#openStatusFile(command.statusFile);
    this.#followEnvdir();
    const resolved = await Promise.race([withAddresses(specs), this.kernel.stopRequested]);
    if (resolved !== undefined) {
      this.#openListeners(resolved);
      pidFile?.write();
    }
    this.#log.redirect();
  }

  /** Runs the program until the end and gives the exit code. */
  run(observe?: Observer): Promise<number> {
    return superdaemon(this.kernel, observe);
  }

  /** Closes and removes everything, also what a failed `open` has left. */
  close(): void {
    for (const act of this.#leave.splice(0).reverse()) act();
    this.#log?.close();
    this.#log = undefined;
    this.kernel.close();
  }

  #makeKernel(): PosixKernel {
    const { children, forked } = this.surroundings;
    return new PosixKernel({
      settings: () => this.#program.settings,
      reloadSettings: () => {
        this.#program.reload();
      },
      spawn: (generation) => {
        const pid = this.#program.spawn(generation);
        forked();
        return pid;
      },
      nextEnded: () => children.nextEnded(),
      log: (line) => {
        this.say(line);
      },
      writeStatus: (workers) => {
        this.#writeStatus(workers);
      },
      takesEndOf: (pid, status) => this.#log?.takesEndOf(pid, status, this.kernel) === true,
    });
  }

  #lockPidFile(path: string): PidFile {
    const file = lockPidFile(path);
    this.#leave.push(() => {
      releasePidFile(path, file, this.#say);
    });
    return file;
  }

  #openStatusFile(path: string): void {
    const file = openStatusFile(path);
    this.#leave.push(() => {
      file.remove();
    });
    this.#writeStatus = statusWriter(path, file, this.#say);
  }

  readonly #say = (line: string): void => {
    this.say(line);
  };

  /** Without an event of its own, a change of the envdir would be seen at the next fork only. */
  #followEnvdir(): void {
    const program = this.#program;
    const watch = new EnvdirWatch(() => {
      this.kernel.settingsMayHaveChanged();
    });
    program.onReload = () => {
      watch.watch(program.envdir);
    };
    program.onReload();
    this.#leave.push(() => {
      watch.close();
    });
  }

  #openListeners(specs: readonly ListenerSpec[]): void {
    const backlog = this.command.backlog ?? defaultBacklog;
    const listeners = specs.map((spec) => {
      const listener = openListener(spec, backlog, this.#say);
      this.#leave.push(() => {
        listener.close();
      });
      return { spec, listener };
    });
    this.#listeners = listeners;
    this.#program.listenOn(
      specs,
      listeners.map(({ listener }) => listener),
    );
  }

  /** Reads all --port and --path values before anything is opened, ports first as the worker finds them. */
  #readSpecs(): readonly ListenerSpec[] {
    const specs = [
      ...this.options.port.map((text) => valueOf(parsePortSpec(text))),
      ...this.options.path.map((path) => valueOf(parsePathSpec(path, longestSocketPath))),
    ];
    const highest = this.surroundings.inheritance.softNofile ?? Infinity;
    for (const warning of valueOf(checkListenerSpecs(specs, highest))) this.say(warning);
    return specs;
  }
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new StarterError(result.error);
  return result.value;
}
