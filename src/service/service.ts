/** One service: a program under the superdaemon, with its sockets, its log and its files. */
import type { StartCommand } from '../core/command-line/command.js';
import { valueIn } from '../core/workers/environment.js';
import { failures } from '../core/text/failures.js';
import { messages } from '../core/loop/messages.js';
import type { Options } from '../core/command-line/option-table.js';
import type { ListenerSpec } from '../core/command-line/port-spec.js';
import type { Readiness as ReadinessKind } from '../core/loop/types.js';
import { superdaemon, type Observer } from './superdaemon.js';
import type { Children } from '../system/processes/children.js';
import { EnvdirWatch } from '../system/files/envdir.js';
import type { Inheritance } from '../system/processes/inheritance.js';
import type { Output } from '../system/output/output.js';
import { defaultBacklog } from '../system/engine/platform.js';
import { PosixKernel } from '../system/loop/posix-kernel.js';
import { openReadiness } from '../system/readiness/open-readiness.js';
import { attempt } from './attempt.js';
import { Control } from './control.js';
import { FailureMemory } from './failure-memory.js';
import { LeftWorkers } from './left-workers.js';
import { listenerReport } from './listener-report.js';
import { listenerSpecs } from './listener-specs.js';
import { openLog, type Log } from './log.js';
import { openListener, withAddresses, type OpenListener } from './open-listeners.js';
import { Program } from './program.js';
import { lockPidFile, openStatusFile, releasePidFile, statusWriter, writePidFile } from './run-files.js';
import { tellOnce } from './tell-once.js';
import { WorkerWords } from './worker-words.js';

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
  /** Has the kernel look around when there is something to read, see `addon.signalInput`. Gives back how to end that. */
  readonly listenForInput: (kernel: PosixKernel) => () => void;
}

type StatusWriter = ReturnType<typeof statusWriter>;

export class Service {
  readonly kernel: PosixKernel;
  readonly #program: Program;
  readonly #leave: (() => void)[] = [];
  readonly failures: FailureMemory;
  #log: Log | undefined;
  #control: Control | undefined;
  #words: WorkerWords | undefined;
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
    this.failures = new FailureMemory(output, () => this.#program.lookAtIt(), this.#say);
    this.kernel = this.#makeKernel();
  }

  get listeners(): readonly OpenListener[] {
    return this.#listeners;
  }

  /** Writes one line of the log. */
  say(line: string): void {
    this.failures.said(line);
    this.#log?.write(line);
  }

  /** After a rotation. Gives back why it was refused. */
  reopenLog(): string | undefined {
    return this.#log?.reopen();
  }

  /** Opens log, files and sockets, these only if it is not told to stop meanwhile; throws a StarterError. */
  async open(): Promise<void> {
    const { command, surroundings } = this;
    const logger = { ...surroundings, environment: this.#program.environment };
    this.#log = await openLog(command.logFile, logger, this.kernel.stopRequested);
    this.say(messages.startingNow(surroundings.pid));
    const specs = listenerSpecs(this.options, surroundings.inheritance.softLimits.nofile ?? Infinity, this.#say);
    const nameUs = command.pidFile === undefined ? undefined : this.#lockPidFile(command.pidFile);
    if (command.statusFile !== undefined) this.#openStatusFile(command.statusFile);
    if (command.control !== undefined) await this.#openControl(command.control);
    this.#followEnvdir();
    if (command.readiness !== undefined) this.#openReadiness(command.readiness);
    const resolved = await Promise.race([withAddresses(specs), this.kernel.stopRequested]);
    const isAlone = nameUs !== undefined;
    if (resolved !== undefined && (await this.#openListeners(resolved, isAlone))) nameUs?.();
    this.#log.redirect();
    this.#program.envdirTrouble = tellOnce(this.#say);
    this.#program.tellEnvdirTrouble();
  }

  /** Runs the program until the end and gives the exit code. */
  run(observe?: Observer): Promise<number> {
    return superdaemon(this.kernel, (...decided) => {
      this.failures.observe(...decided);
      this.#control?.observe(...decided);
      observe?.(...decided);
    });
  }

  /** Closes and removes everything, also what a failed `open` has left. */
  close(): void {
    for (const act of this.#leave.splice(0).reverse()) act();
    this.#log?.close();
    this.#log = undefined;
    // Last, since its last answer says that everything is closed.
    this.#control?.close();
    this.#control = undefined;
    this.kernel.close();
  }

  #makeKernel(): PosixKernel {
    const { children, forked } = this.surroundings;
    return new PosixKernel({
      settings: () => this.#program.settings,
      reloadSettings: () => this.#program.reload(),
      spawn: (generation) => {
        this.failures.begins(generation);
        const pid = this.#program.spawn(generation);
        forked();
        return pid;
      },
      nextEnded: () => children.nextEnded(),
      log: (line) => this.say(line),
      writeStatus: (workers) => {
        this.#writeStatus(workers);
      },
      takesEndOf: (pid, status) => {
        this.#words?.forget(pid);
        return this.#log?.takesEndOf(pid, status, this.kernel) === true;
      },
      words: (now) => this.#words?.take(now) ?? { words: [], isAll: true },
    });
  }

  #openReadiness(kind: ReadinessKind): void {
    const { environment } = this.surroundings.inheritance;
    const parts = {
      lookUp: (name: string) => valueIn(environment, name),
      wake: () => this.kernel.lookAround(),
      isExposed: () => this.say(messages.exposedNotifySocket()),
    };
    const readiness = attempt(
      () => openReadiness(kind, parts),
      (reason) => failures.noNotifySocket(reason),
    );
    const deafen = this.surroundings.listenForInput(this.kernel);
    this.#leave.push(() => {
      readiness.close();
      deafen();
    });
    this.#words = new WorkerWords(readiness);
    this.#program.readiness = readiness;
  }

  async #openControl(path: string): Promise<void> {
    this.#control = await Control.open(path, {
      kernel: this.kernel,
      reopenLog: () => this.reopenLog(),
      listeners: () => this.#listeners.map(listenerReport),
      failures: this.failures,
      say: this.#say,
    });
  }

  /** Gives back how to write it. */
  #lockPidFile(path: string): () => void {
    const file = lockPidFile(path, this.#say);
    this.#leave.push(() => {
      releasePidFile(path, file, this.#say);
    });
    return () => {
      writePidFile(path, file);
    };
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

  /** False when a stop signal came while workers of a killed superdaemon still held a socket. */
  async #openListeners(specs: readonly ListenerSpec[], isAlone: boolean): Promise<boolean> {
    const { statusFile, backlog = defaultBacklog } = this.command;
    const left = new LeftWorkers(this.kernel);
    if (isAlone && statusFile !== undefined) {
      left.end(statusFile, specs, this.#program.settings.signalOnTerm, this.#say);
    }
    const listeners: OpenListener[] = [];
    for (const spec of specs) {
      const earlier = listeners.map((one) => one.spec);
      const opening = { backlog, say: this.#say, stopRequested: this.kernel.stopRequested, earlier };
      const listener = await left.opened(spec, () => openListener(spec, opening));
      if (listener === undefined) return false;
      this.#leave.push(() => {
        listener.close();
      });
      listeners.push({ spec, listener });
    }
    this.#listeners = listeners;
    this.#program.listenOn(
      specs,
      listeners.map(({ listener }) => listener),
    );
    return true;
  }
}
