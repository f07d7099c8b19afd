import type { StartCommand } from '../core/command-line/command.js';
import { serverStarterPort } from '../core/command-line/port-spec.js';
import { autoRestartDefault, settingsIn } from '../core/command-line/settings.js';
import type { Settings } from '../core/loop/types.js';
import type { ListenFds } from '../core/manager/listen-fds.js';
import type { CarriedOut, SpawnOrder, SpawnRequest } from '../system/engine/addon.js';
import type { Children } from '../system/processes/children.js';
import { handedDown, inPlace, lowestBeside, type Inheritance } from '../system/processes/inheritance.js';
import { signals } from '../system/engine/platform.js';
import type { Readiness, ReadinessHandout } from '../system/readiness/readiness.js';
import type { OpenListener } from './listeners.js';
import type { Log } from './log.js';
import { Trouble, type Say } from './say.js';
import type { WorkerEnvironment } from './worker-environment.js';
import { errorsOf, type WorkerOutput } from './worker-output.js';

/** The signals that the original handles: in its workers they have their default, even if the caller has ignored them. */
const handled = new Set((['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGALRM', 'SIGCHLD'] as const).map(signalNumber));

type DescriptorMap = SpawnRequest['fds'];

/** What a worker is made of. */
export interface ProgramParts {
  readonly command: StartCommand;
  readonly environment: WorkerEnvironment;
  readonly inheritance: Inheritance;
  readonly log: Pick<Log, 'descriptors'>;
  readonly children: Children;
  /** As its workers have them, and what LISTEN_FDS has to say of them. */
  readonly listeners: { readonly all: readonly OpenListener[]; readonly listenFds: ListenFds };
  /** How workers tell that they are ready; undefined where they need not. */
  readonly readiness: Readiness | undefined;
  readonly workerOutput: Pick<WorkerOutput, 'begins'>;
  /** Called after each fork. */
  readonly forked: () => void;
  readonly say: Say;
  /** What the image before has told about the envdir. */
  readonly toldTrouble?: string | undefined;
}

/** The server program, and all that a worker is given at its start. */
export class Program {
  readonly #trouble: Trouble;
  #settings: Settings;

  constructor(private readonly parts: ProgramParts) {
    this.#trouble = new Trouble(parts.say, parts.toldTrouble);
    this.#settings = this.#readSettings();
  }

  /** Logs what could not be read of the envdir. It is told again whenever that changes. */
  tellTrouble(): void {
    this.#trouble.tell(this.parts.environment.trouble);
  }

  /** What the options and the environment said when the envdir was last read. */
  get settings(): Settings {
    return this.#settings;
  }

  /** Reads the envdir again. */
  reload(): void {
    const { environment } = this.parts;
    environment.reload();
    this.#settings = this.#readSettings();
    this.tellTrouble();
  }

  /** Forks a worker, unless it was started ahead, and gives its pid; throws a system error when refused. */
  startWorker(generation: number, ahead?: CarriedOut): number {
    this.parts.workerOutput.begins(generation, this.parts.log, ahead?.size);
    const pid = ahead?.pid ?? this.#fork(generation);
    this.parts.forked();
    return pid;
  }

  /** How a worker can be started ahead; undefined where something is to be read or opened right before its fork. */
  layOut(generation: number): Pick<SpawnOrder, 'request' | 'output'> | undefined {
    const { environment, readiness, log } = this.parts;
    if (environment.hasEnvdir || readiness !== undefined) return undefined;
    return { request: this.#request(generation, this.#descriptorMap()), output: errorsOf(log) };
  }

  #fork(generation: number): number {
    const { environment, children, readiness } = this.parts;
    if (generation > 1 && environment.hasEnvdir) this.reload(); // for the first one it has just been read
    const descriptors = this.#descriptorMap();
    const handout = readiness?.handOut(() => lowestBeside(descriptors.map(([, to]) => to)));
    let pid: number | undefined;
    try {
      pid = children.start(this.#request(generation, descriptors, handout));
    } finally {
      readiness?.handedTo(pid);
    }
    return pid;
  }

  #request(generation: number, descriptors: DescriptorMap, handout?: ReadinessHandout): SpawnRequest {
    const { command, environment, inheritance, listeners } = this.parts;
    const { program, directory, settings } = command;
    const { pidVariable } = listeners.listenFds;
    return {
      file: program[0],
      args: program,
      env: environment.entries(new Map([...this.#ownVariables(generation), ...(handout?.variables ?? [])])),
      fds: [...descriptors, ...(handout?.descriptors ?? [])],
      ...handedDown(inheritance),
      ignoredSignals: this.#ignoredSignals(),
      ...(directory === undefined ? {} : { cwd: directory }),
      ...(pidVariable === undefined ? {} : { pidVariable }),
      ...(settings.processGroup === true ? { newGroup: true } : {}),
      ...(command.killOrphans ? { endsWithParent: true } : {}),
    };
  }

  #readSettings(): Settings {
    return settingsIn(this.parts.command.settings, this.#lookUp);
  }

  readonly #lookUp = (name: string): string | undefined => this.parts.environment.lookUp(name);

  #ownVariables(generation: number): Map<string, string> {
    const own = new Map([
      ['SERVER_STARTER_PORT', serverStarterPort(this.parts.listeners.all)],
      ['SERVER_STARTER_GENERATION', String(generation)],
      ...this.parts.listeners.listenFds.variables,
    ]);
    const interval = autoRestartDefault(this.#lookUp);
    if (interval !== undefined && generation > 1) own.set('AUTO_RESTART_INTERVAL', interval);
    return own;
  }

  /** What was inherited stays where it is, unless a socket claims the number as in the original. */
  #descriptorMap(): DescriptorMap {
    const { listeners, log, inheritance } = this.parts;
    const sockets = new Set(listeners.all.map(({ number }) => number));
    const written = log.descriptors.filter(([, to]) => !sockets.has(to));
    const redirected = new Set(written.map(([, to]) => to));
    const inherited = inheritance.descriptors.filter((number) => !sockets.has(number) && !redirected.has(number));
    const passed = listeners.all.map(({ listener, number }) => [listener.descriptor, number] as const);
    return [...inPlace(inherited), ...written, ...passed, ...listeners.listenFds.descriptors];
  }

  /** The signals that were inherited as ignored, and PIPE, which the original leaves ignored in its workers. */
  #ignoredSignals(): number[] {
    const inherited = this.parts.inheritance.ignoredSignals.filter((signal) => !handled.has(signal));
    return [...new Set([...inherited, signalNumber('SIGPIPE')])];
  }
}

function signalNumber(name: NodeJS.Signals): number {
  return signals.names[name];
}
