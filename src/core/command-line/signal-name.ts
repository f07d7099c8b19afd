/** The values of `--signal-on-hup` and `--signal-on-term`. */
import { usageFailure } from '../text/exit-codes.js';
import { failures } from '../text/failures.js';
import { defaults } from './option-table.js';
import type { Result, Signal } from '../loop/types.js';

export interface SignalSystem {
  /** As in `os.constants.signals`: `SIGTERM` and its number. */
  readonly names: Readonly<Record<string, number>>;
  /** 64 where there are real-time signals, 31 on macOS. */
  readonly highest: number;
}

/**
 * Reads the name (`USR1`, `sigusr1`) or the number (`10`, `010`, `SIG10`) of a signal that the system has. The name in
 * the result is what the log shows: in capitals and without one leading `SIG`. Nothing and 0 mean TERM, as in the
 * original. The original takes any text and dies of it at the first reload; here a mistake is found at the start.
 */
export function parseSignal(text: string, system: SignalSystem): Result<Signal> {
  const wanted = text === '' || text === '0' ? defaults.signal : text;
  const name = wanted.replace(/[a-z]+/g, (letters) => letters.toUpperCase()).replace(/^SIG/, '');
  const number = numberOf(name, system);
  if (number !== undefined) return { ok: true, value: { name, number } };
  return usageFailure(failures.unknownSignal(text, system.highest));
}

function numberOf(name: string, system: SignalSystem): number | undefined {
  if (/^[0-9]+$/.test(name)) {
    const number = Number(name);
    return number >= 1 && number <= system.highest ? number : undefined;
  }
  // Perl's kill takes off a second SIG by itself: SIGSIGUSR1 is logged as SIGUSR1 and works.
  return signalNumbers(system).get(name.replace(/^SIG/, ''));
}

/** The first real-time signal of glibc; musl has 35, and calls 34 its own. */
const firstRealTime = 34;

/** Names without `SIG`: those of the system and, where it has real-time signals, Perl's names for them on Linux. */
export function signalNumbers({ names, highest }: SignalSystem): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  if (highest > firstRealTime) {
    for (let number = firstRealTime - 2; number < highest; number++) numbers.set(`NUM${String(number)}`, number);
    numbers.delete(`NUM${String(firstRealTime)}`);
    numbers.set('RTMIN', firstRealTime).set('RTMAX', highest);
    if (names['SIGCHLD'] !== undefined) numbers.set('CLD', names['SIGCHLD']);
  }
  for (const [name, number] of Object.entries(names)) numbers.set(name.replace(/^SIG/, ''), number);
  return numbers;
}
