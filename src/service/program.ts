import type { StartCommand } from '../core/command-line/command.js';
import type { Options } from '../core/command-line/option-table.js';
import { assignDescriptors, serverStarterPort, type ListenerSpec } from '../core/command-line/port-spec.js';
import type { ProgramFacts } from '../core/workers/program-facts.js';
import { autoRestartDefault, optionEnvironment, settingsFrom } from '../core/command-line/settings.js';
import type { Settings } from '../core/loop/types.js';
import type { Children } from '../system/processes/children.js';
import { handedDown, inPlace, lowestBeside, type Inheritance } from '../system/processes/inheritance.js';
import type { Listener } from '../system/sockets/listener.js';
import { lookAtProgram } from '../system/processes/look-at-program.js';
import type { Output } from '../system/output/output.js';
import { signals } from '../system/engine/platform.js';
import type { Readiness } from '../system/readiness/readiness.js';
import { WorkerEnvironment } from './worker-environment.js';

/** The signals the original handles: its workers get the default back, whatever the caller had ignored. */
const handled = new Set((['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGALRM', 'SIGCHLD'] as const).map(signalNumber));

/** The server program, and all that a worker is given at its start. */
export class Program {
  readonly #environment: WorkerEnvironment;
  #specs: readonly ListenerSpec[] = [];
  #listeners: readonly Listener[] = [];
  #sockets: readonly number[] = [];
  #settings: Settings;

  constructor(
    private readonly command: StartCommand,
    private readonly options: Options,
    readonly inheritance: Inheritance,
    private readonly output: Output,
    private readonly children: Children,
  ) {
    this.#environment = new WorkerEnvironment(inheritance.environment, optionEnvironment(options));
    this.#settings = this.#readSettings();
  }

  /** What the options and the environment said when the envdir was last read. */
  get settings(): Settings {
    return this.#settings;
  }

  /** The environ of what runs beside the workers: without SERVER_STARTER_PORT and SERVER_STARTER_GENERATION. */
  get environment(): string[] {
    return this.#environment.entries(new Map());
  }

  get envdir(): string | undefined {
    return this.#environment.envdir;
  }

  /** How workers tell that they are ready, where they have to. */
  readiness: Readiness | undefined;

  /** Called whenever the environment is about to be read again. */
  onReload: () => void = () => undefined;

  /** Told after it what could not be read, or undefined where all could be. */
  envdirTrouble: (line: string | undefined) => void = () => undefined;

  tellEnvdirTrouble(): void {
    this.envdirTrouble(this.#environment.trouble);
  }

  /** Every worker from now on gets these sockets. */
  listenOn(specs: readonly ListenerSpec[], listeners: readonly Listener[]): void {
    this.#specs = specs;
    this.#listeners = listeners;
    this.#sockets = assignDescriptors(specs, new Set(this.inheritance.descriptors));
  }

  /** What stands where the program should be. */
  lookAtIt(): ProgramFacts {
    return lookAtProgram(this.command.program[0], this.environment, this.options.dir);
  }

  /** Reads the envdir again. */
  reload(): void {
    this.onReload(); // first, so that no change falls between
    this.#environment.reload();
    this.#settings = this.#readSettings();
    this.tellEnvdirTrouble();
  }

  /** Forks a worker and gives its pid; throws a system error when refused. */
  spawn(generation: number): number {
    if (generation > 1) this.reload(); // for the first one it has just been read
    const { program } = this.command;
    const { dir, processGroup } = this.options;
    const descriptors = this.#descriptorMap();
    const handout = this.readiness?.handOut(() => lowestBeside(descriptors.map(([, to]) => to)));
    const spawned = (pid?: number): void => this.readiness?.handedTo(pid);
    try {
      const pid = this.children.spawn({
        file: program[0],
        args: program,
        env: this.#environment.entries(new Map([...this.#ownVariables(generation), ...(handout?.variables ?? [])])),
        fds: [...descriptors, ...(handout?.descriptors ?? [])],
        ...handedDown(this.inheritance),
        ignoredSignals: this.#ignoredSignals(),
        ...(dir === undefined ? {} : { cwd: dir }),
        ...(processGroup === true ? { newGroup: true } : {}),
      });
      spawned(pid);
      return pid;
    } catch (error) {
      spawned();
      throw error;
    }
  }

  #readSettings(): Settings {
    return settingsFrom(this.options, this.command, (name) => this.#environment.lookUp(name));
  }

  #ownVariables(generation: number): Map<string, string> {
    const own = new Map([
      ['SERVER_STARTER_PORT', serverStarterPort(this.#specs, this.#sockets)],
      ['SERVER_STARTER_GENERATION', String(generation)],
    ]);
    const interval = autoRestartDefault((name) => this.#environment.lookUp(name));
    if (interval !== undefined && generation > 1) own.set('AUTO_RESTART_INTERVAL', interval);
    return own;
  }

  /** What was inherited stays where it is, unless a socket claims the number as in the original. */
  #descriptorMap(): (readonly [from: number, to: number])[] {
    const sockets = new Set(this.#sockets);
    const output = this.output.descriptors.filter(([, to]) => !sockets.has(to));
    const redirected = new Set(output.map(([, to]) => to));
    const inherited = this.inheritance.descriptors.filter((number) => !sockets.has(number) && !redirected.has(number));
    const passed = this.#listeners.map(
      ({ descriptor }, index) => [descriptor, this.#sockets[index] ?? descriptor] as const,
    );
    return [...inPlace(inherited), ...output, ...passed];
  }

  /** As inherited, and PIPE, which the original ignores without putting it back. */
  #ignoredSignals(): number[] {
    const inherited = this.inheritance.ignoredSignals.filter((signal) => !handled.has(signal));
    return [...new Set([...inherited, signalNumber('SIGPIPE')])];
  }
}

function signalNumber(name: NodeJS.Signals): number {
  return signals.names[name];
}
