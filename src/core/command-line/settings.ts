/** What the loop must know, from the options and from the environment in which an envdir overrides them. */
import { defaults, type Options } from './option-table.js';
import { numericPrefix } from './perl-number.js';
import { isTrue } from './perl-truth.js';
import type { EnvironmentLookup } from '../workers/environment.js';
import type { Duration, Settings } from '../loop/types.js';

/** About 31 years. Keeps infinities and 1e+20 out of the arithmetic with milliseconds; nobody sees the difference. */
const longestSeconds = 1e9;

/** A delay that is logged, because it is not 0, and is over at once, because it is negative. */
const announcedOnly = -1;

/** The settings that the command line alone decides. */
export type OwnSettings = Omit<Settings, 'killOldDelay' | 'autoRestart'>;

/** The two signals and the way to tell readiness have been read before. */
export function ownSettings(
  { interval, startTimeout, stopTimeout, maxFailures, maxPause, processGroup }: Options,
  read: Pick<Settings, 'signalOnHup' | 'signalOnTerm' | 'readiness'>,
): OwnSettings {
  return {
    ...read,
    interval: duration(interval?.text ?? defaults.interval).seconds,
    // Absent where it was not given: then everything is as in the original.
    ...(startTimeout && { startTimeout: duration(startTimeout.text) }),
    ...(stopTimeout && { stopTimeout: duration(stopTimeout.text) }),
    ...(maxFailures && { maxFailures: maxFailures.number }),
    ...(maxPause && { maxPause: duration(maxPause.text).seconds }),
    ...(processGroup && { processGroup }),
  };
}

/** The settings as they are now: to be asked for again whenever the envdir was read. */
export function settingsIn(own: OwnSettings, lookup: EnvironmentLookup): Settings {
  const isAutomatic = isTrue(lookup('ENABLE_AUTO_RESTART'));
  const defaultDelay = isAutomatic ? defaults.killOldDelayWithAutoRestart : defaults.killOldDelay;
  return {
    ...own,
    killOldDelay: duration(lookup('KILL_OLD_DELAY') ?? defaultDelay, { ifNaN: announcedOnly }),
    autoRestart: isAutomatic
      ? duration(autoRestartDefault(lookup) ?? lookup('AUTO_RESTART_INTERVAL') ?? '', { ifNaN: longestSeconds })
      : undefined,
  };
}

/**
 * The AUTO_RESTART_INTERVAL that the original puts in place of one that is unset, empty or 0 while auto restart is on.
 * Its workers see it in their environment from the first turn of its loop on, which is from generation 2 on. Undefined
 * where nothing is put in place.
 */
export function autoRestartDefault(lookup: EnvironmentLookup): string | undefined {
  if (!isTrue(lookup('ENABLE_AUTO_RESTART')) || isTrue(lookup('AUTO_RESTART_INTERVAL'))) return undefined;
  return defaults.autoRestartInterval;
}

/** The variables that options set, as every worker and the logger see them. */
export function optionEnvironment(options: Options): ReadonlyMap<string, string> {
  const variables: readonly (readonly [string, string | undefined])[] = [
    ['ENVDIR', options.envdir],
    ['ENABLE_AUTO_RESTART', options.enableAutoRestart && '1'],
    ['KILL_OLD_DELAY', options.killOldDelay?.text],
    ['AUTO_RESTART_INTERVAL', options.autoRestartInterval?.text],
  ];
  return new Map(variables.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

/** The loop reckons with real numbers only: in place of `nan` stands the one to which Perl's comparisons lead. */
export function duration(text: string, { ifNaN } = { ifNaN: 0 }): Duration {
  const seconds = numericPrefix(text);
  return {
    text,
    seconds: Number.isNaN(seconds) ? ifNaN : Math.max(-longestSeconds, Math.min(seconds, longestSeconds)),
  };
}
