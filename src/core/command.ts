/** What a command line without mistakes of form asks for, and which combinations make no sense. */
import { unableFailure, usageFailure } from './exit-codes.js';
import { failures } from './failures.js';
import type { Options } from './option-table.js';
import { isTrue, type ChosenSignals } from './settings.js';
import { parseSignal, type SignalSystem } from './signal-name.js';
import type { Result, Signal } from './types.js';

export type Command =
  | { readonly type: 'help' }
  | { readonly type: 'version' }
  | { readonly type: 'restart'; readonly pidFile: string; readonly statusFile: string }
  | { readonly type: 'stop'; readonly pidFile: string }
  | StartCommand;

export interface StartCommand {
  readonly type: 'start';
  readonly program: readonly [string, ...string[]];
  readonly signals: ChosenSignals;
  readonly daemonize: boolean;
  /** A file name or `| command`; undefined leaves the output where it is. */
  readonly logFile: string | undefined;
  readonly pidFile: string | undefined;
  readonly statusFile: string | undefined;
  /** For listen(2), within 32 bits; undefined for the system's default. */
  readonly backlog: number | undefined;
}

/**
 * Chooses in the original's order: help, version, restart, stop, then what keeps a server from being started. Restart
 * and stop disregard all other options and the program. Ports and paths are looked at later, see `port-spec`.
 */
export function chooseCommand(options: Options, program: readonly string[], system: SignalSystem): Result<Command> {
  if (options.help) return { ok: true, value: { type: 'help' } };
  if (options.version) return { ok: true, value: { type: 'version' } };
  if (options.restart) return restartCommand(options);
  if (options.stop) return stopCommand(options);
  return startCommand(options, program, system);
}

function restartCommand(options: Options): Result<Command> {
  const pidFile = given(options.pidFile);
  const statusFile = given(options.statusFile);
  if (pidFile !== undefined && statusFile !== undefined) {
    return { ok: true, value: { type: 'restart', pidFile, statusFile } };
  }
  return unableFailure(failures.restartNeedsFiles());
}

function stopCommand(options: Options): Result<Command> {
  const pidFile = given(options.pidFile);
  if (pidFile !== undefined) return { ok: true, value: { type: 'stop', pidFile } };
  return unableFailure(failures.stopNeedsFile());
}

function startCommand(options: Options, [file, ...args]: readonly string[], system: SignalSystem): Result<Command> {
  const { daemonize = false, logFile, interval } = options;
  if (daemonize && logFile === undefined) return unableFailure(failures.daemonNeedsLog());
  if (file === undefined) return unableFailure(failures.noProgram());
  if (interval !== undefined && interval.number < 0) return usageFailure(failures.negativeInterval(interval.text));
  const signals = chosenSignals(options, system);
  if (!signals.ok) return signals;
  return {
    ok: true,
    value: {
      type: 'start',
      program: [file, ...args],
      signals: signals.value,
      daemonize,
      logFile: given(logFile),
      pidFile: given(options.pidFile),
      statusFile: given(options.statusFile),
      backlog: chosenBacklog(options),
    },
  };
}

function chosenSignals(options: Options, system: SignalSystem): Result<ChosenSignals> {
  const onHup = signalOption('--signal-on-hup', options.signalOnHup, system);
  if (!onHup.ok) return onHup;
  const onTerm = signalOption('--signal-on-term', options.signalOnTerm, system);
  if (!onTerm.ok) return onTerm;
  return { ok: true, value: { onHup: onHup.value, onTerm: onTerm.value } };
}

function signalOption(option: string, text: string | undefined, system: SignalSystem): Result<Signal> {
  const signal = parseSignal(text ?? '', system);
  return signal.ok ? signal : usageFailure(failures.ofOption(option, signal.error.message));
}

/** In the original a file called `0` or '' is no file, though `--log-file=0` satisfies --daemonize. */
function given(text: string | undefined): string | undefined {
  return isTrue(text) ? text : undefined;
}

function chosenBacklog({ backlog }: Options): number | undefined {
  if (backlog === undefined || backlog.number === 0) return undefined;
  return Math.max(-(2 ** 31), Math.min(backlog.number, 2 ** 31 - 1));
}
