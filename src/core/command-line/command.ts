/** What a command line without mistakes of form asks for, and which combinations make no sense. */
import { givenOptions, type GivenOption } from './command-words.js';
import { controlCommand, type ControlCommand } from './control-command.js';
import { parseLogTarget, type LogTarget } from './log-target.js';
import { uselessOption, wrongValue } from './option-checks.js';
import type { Options } from './option-table.js';
import { pathAccess, type PathAccess } from './path-access.js';
import { given, isTrue } from './perl-truth.js';
import { parseListenerSpecs, type ListenerSpecs } from './port-spec.js';
import { optionEnvironment, ownSettings, type OwnSettings } from './settings.js';
import { parseSignal, type SignalSystem } from './signal-name.js';
import { takeOverTarget, type TakeOverTarget } from './take-over-target.js';
import type { ReadinessKind, Result, Signal } from '../loop/types.js';
import { unableFailure, usageFailure } from '../text/exit-codes.js';
import { failures, type Swallowed } from '../text/failures.js';

export type Command =
  { readonly type: 'help' } | { readonly type: 'version' } | ControlCommand | StartCommand | CheckCommand;

/** A start that is only looked at. */
export interface CheckCommand {
  readonly type: 'check';
  readonly start: StartCommand;
}

/** A server to be run: all that its command line says, so that nobody after this looks at options. */
export interface StartCommand {
  readonly type: 'start';
  readonly program: readonly [string, ...string[]];
  /** The directory in which the program is run; undefined for that of the superdaemon. */
  readonly directory: string | undefined;
  /** What `--port` and `--path` ask for. A mistake in one of them is told when the log is open, as by the original. */
  readonly listeners: ListenerSpecs;
  /** Who may connect to the sockets of `--path`. */
  readonly pathAccess: PathAccess;
  /** For listen(2), within 32 bits; undefined for the system's default. */
  readonly backlog: number | undefined;
  /** The process that still has the sockets. */
  readonly takeOver: TakeOverTarget | undefined;
  /** Whether workers are killed when the superdaemon dies. */
  readonly killOrphans: boolean;
  readonly settings: OwnSettings;
  /** The variables that options set, as every worker and the logger see them; an envdir overrides them. */
  readonly variables: ReadonlyMap<string, string>;
  readonly daemonize: boolean;
  /** Undefined leaves the output where it is. */
  readonly log: LogTarget | undefined;
  /** Whether its own lines begin with the time. */
  readonly logTime: boolean;
  readonly pidFile: string | undefined;
  readonly statusFile: string | undefined;
  /** Where the control socket is to be. */
  readonly control: string | undefined;
  /** After how many seconds with nothing to do it sleeps; undefined for never. */
  readonly hibernate: number | undefined;
  /** Whether the service manager that has started this command is to be told what happens. */
  readonly systemd: boolean;
  /** Which sockets workers find by LISTEN_FDS, too; undefined for none. */
  readonly listenFds: ListenFdsScope | undefined;
  /** The options as they were given, to be shown and compared. */
  readonly given: readonly GivenOption[];
}

/** `named`: the sockets of `--port` and `--path`. `all`: also those of the service manager that no option names. */
export type ListenFdsScope = 'named' | 'all';

/** A command line without mistakes of form. */
export interface Asked {
  readonly options: Options;
  readonly program: readonly string[];
  readonly swallowed?: Swallowed;
}

/** What a command line may ask of the system it is for. */
export interface CommandSystem extends SignalSystem {
  /** How many bytes the path of a unix socket may have. */
  readonly longestSocketPath: number;
}

/**
 * Chooses in the original's order: help, version, restart, stop, then what keeps a server from being started. Restart,
 * stop and show-status disregard the program and the original's other options.
 */
export function chooseCommand(asked: Asked, system: CommandSystem): Result<Command> {
  const { options } = asked;
  if (options.help) return { ok: true, value: { type: 'help' } };
  if (options.version) return { ok: true, value: { type: 'version' } };
  const control = controlCommand(options);
  if (control !== undefined) return control;
  const start = startCommand(asked, system);
  return start.ok && options.check ? { ok: true, value: { type: 'check', start: start.value } } : start;
}

/** What the rest of a `--reconfigure` would start. */
export function commandToChangeTo(asked: Asked, system: CommandSystem): Result<StartCommand> {
  return startCommand(asked, system, 'reconfigure');
}

function startCommand(
  { options, program, swallowed }: Asked,
  system: CommandSystem,
  name: 'start' | 'reconfigure' = 'start',
): Result<StartCommand> {
  const [file, ...args] = program;
  const { daemonize = false, logFile } = options;
  const useless = uselessOption(options, name);
  if (useless !== undefined) return usageFailure(useless);
  if (daemonize && logFile === undefined) return unableFailure(failures.daemonNeedsLog());
  if (file === undefined)
    return unableFailure(swallowed === undefined ? failures.noProgram() : failures.swallowed(swallowed));
  const chosen = chosenParts(options, system);
  if (!chosen.ok) return chosen;
  return {
    ok: true,
    value: {
      type: 'start',
      program: [file, ...args],
      directory: options.dir,
      listeners: parseListenerSpecs(options.port, options.path, system.longestSocketPath),
      backlog: chosenBacklog(options),
      ...chosen.value,
      killOrphans: options.killOrphans ?? false,
      variables: optionEnvironment(options),
      daemonize,
      log: isTrue(logFile) ? parseLogTarget(logFile) : undefined,
      logTime: options.logTime === true,
      pidFile: given(options.pidFile),
      statusFile: given(options.statusFile),
      control: given(options.control),
      hibernate: options.hibernate?.number,
      systemd: options.systemd === true,
      listenFds: options.listenFds as ListenFdsScope | undefined,
      given: givenOptions(options),
    },
  };
}

type ChosenParts = Pick<StartCommand, 'settings' | 'pathAccess' | 'takeOver'>;

function chosenParts(options: Options, system: CommandSystem): Result<ChosenParts> {
  const settings = chosenSettings(options, system);
  if (!settings.ok) return settings;
  if (options.listenFds === 'all' && options.systemd === undefined)
    return usageFailure(failures.onlyWith('--listen-fds=all', '--systemd'));
  const access = pathAccess(options);
  if (!access.ok) return access;
  const takeOver = takeOverTarget(options, system);
  if (!takeOver.ok) return takeOver;
  return { ok: true, value: { settings: settings.value, pathAccess: access.value, takeOver: takeOver.value } };
}

function chosenSettings(options: Options, system: SignalSystem): Result<OwnSettings> {
  const wrong = wrongValue(options, 'start');
  if (wrong !== undefined) return usageFailure(wrong);
  const { ready = 'interval', startTimeout } = options;
  if (startTimeout !== undefined && ready === 'interval')
    return usageFailure(failures.onlyWith('--start-timeout', '--ready=notify or --ready=fd'));
  const onHup = signalOption('--signal-on-hup', options.signalOnHup, system);
  if (!onHup.ok) return onHup;
  const onTerm = signalOption('--signal-on-term', options.signalOnTerm, system);
  if (!onTerm.ok) return onTerm;
  const readiness = ready === 'interval' ? {} : { readiness: ready as ReadinessKind };
  const read = { signalOnHup: onHup.value, signalOnTerm: onTerm.value, ...readiness };
  return { ok: true, value: ownSettings(options, read) };
}

function signalOption(option: string, text: string | undefined, system: SignalSystem): Result<Signal> {
  const signal = parseSignal(text ?? '', system);
  return signal.ok ? signal : usageFailure(failures.ofOption(option, signal.error.message));
}

function chosenBacklog({ backlog }: Options): number | undefined {
  if (backlog === undefined || backlog.number === 0) return undefined;
  return Math.max(-(2 ** 31), Math.min(backlog.number, 2 ** 31 - 1));
}
