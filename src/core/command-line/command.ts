/** What a command line without mistakes of form asks for, and which combinations make no sense. */
import { controlCommand, type ControlCommand } from './control-command.js';
import { unableFailure, usageFailure } from '../text/exit-codes.js';
import { failures, type Swallowed } from '../text/failures.js';
import type { Options } from './option-table.js';
import { given } from './perl-truth.js';
import { parseSignal, type ChosenSignals, type SignalSystem } from './signal-name.js';
import type { Readiness, Result, Signal } from '../loop/types.js';
import { uselessOption } from './useless-option.js';

export type Command = { readonly type: 'help' } | { readonly type: 'version' } | ControlCommand | StartCommand;

export interface StartCommand {
  readonly type: 'start';
  readonly program: readonly [string, ...string[]];
  readonly signals: ChosenSignals;
  readonly daemonize: boolean;
  /** A file name or `| command`; undefined leaves the output where it is. */
  readonly logFile: string | undefined;
  readonly pidFile: string | undefined;
  readonly statusFile: string | undefined;
  /** Where the control socket is to be. */
  readonly control: string | undefined;
  /** How workers tell that they are ready; undefined where they only have to live for the interval. */
  readonly readiness: Readiness | undefined;
  /** For listen(2), within 32 bits; undefined for the system's default. */
  readonly backlog: number | undefined;
}

/** A command line without mistakes of form. */
export interface Asked {
  readonly options: Options;
  readonly program: readonly string[];
  readonly swallowed?: Swallowed;
}

/**
 * Chooses in the original's order: help, version, restart, stop, then what keeps a server from being started. Restart,
 * stop and show-status disregard the program and the original's other options. Ports and paths are looked at later, see
 * `port-spec`.
 */
export function chooseCommand(asked: Asked, system: SignalSystem): Result<Command> {
  const { options } = asked;
  if (options.help) return { ok: true, value: { type: 'help' } };
  if (options.version) return { ok: true, value: { type: 'version' } };
  return controlCommand(options) ?? startCommand(asked, system);
}

function startCommand({ options, program, swallowed }: Asked, system: SignalSystem): Result<Command> {
  const [file, ...args] = program;
  const { daemonize = false, logFile } = options;
  const useless = uselessOption(options, 'start');
  if (useless !== undefined) return usageFailure(useless);
  if (daemonize && logFile === undefined) return unableFailure(failures.daemonNeedsLog());
  if (file === undefined)
    return unableFailure(swallowed === undefined ? failures.noProgram() : failures.swallowed(swallowed));
  const tooLow = numberTooLow(options);
  if (tooLow !== undefined) return tooLow;
  const readiness = chosenReadiness(options);
  if (!readiness.ok) return readiness;
  if (options.startTimeout !== undefined && readiness.value === undefined)
    return usageFailure(failures.onlyWith('--start-timeout', '--ready=notify or --ready=fd'));
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
      control: given(options.control),
      readiness: readiness.value,
      backlog: chosenBacklog(options),
    },
  };
}

function numberTooLow(options: Options): Result<never> | undefined {
  const limits = [
    ['--interval', options.interval, 0],
    ['--start-timeout', options.startTimeout, 0],
    ['--stop-timeout', options.stopTimeout, 0],
    ['--max-failures', options.maxFailures, 1],
    ['--max-pause', options.maxPause, 0],
  ] as const;
  const wrong = limits.find(([, value, lowest]) => value !== undefined && value.number < lowest);
  return wrong?.[1] && usageFailure(failures.tooLow(wrong[0], wrong[1].text, wrong[2]));
}

function chosenReadiness({ ready = 'interval' }: Options): Result<Readiness | undefined> {
  switch (ready) {
    case 'interval':
      return { ok: true, value: undefined };
    case 'notify':
    case 'fd':
      return { ok: true, value: ready };
    default:
      return usageFailure(failures.unknownReadiness(ready));
  }
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

function chosenBacklog({ backlog }: Options): number | undefined {
  if (backlog === undefined || backlog.number === 0) return undefined;
  return Math.max(-(2 ** 31), Math.min(backlog.number, 2 ** 31 - 1));
}
