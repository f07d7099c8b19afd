/** From whom sockets are to be taken, and how that process is told. */
import type { Options } from './option-table.js';
import { parseSignal, type SignalSystem } from './signal-name.js';
import { usageFailure } from '../text/exit-codes.js';
import { failures } from '../text/failures.js';
import type { Result, Signal } from '../loop/types.js';

export interface TakeOverTarget {
  /** A process id, or the pid file of a start_server. */
  readonly from: { readonly pid: number } | { readonly pidFile: string };
  readonly signal: Signal;
}

/** Undefined where sockets are not to be taken from anybody. */
export function takeOverTarget(options: Options, system: SignalSystem): Result<TakeOverTarget | undefined> {
  const { takeOver, takeOverSignal, port, path } = options;
  if (takeOver === undefined) {
    if (takeOverSignal === undefined) return { ok: true, value: undefined };
    return usageFailure(failures.onlyWith('--take-over-signal', '--take-over'));
  }
  if (port.length === 0 && path.length === 0) return usageFailure(failures.onlyWith('--take-over', '--port or --path'));
  const signal = parseSignal(takeOverSignal ?? '', system);
  if (!signal.ok) return usageFailure(failures.ofOption('--take-over-signal', signal.error.message));
  const from = /^\d+$/.test(takeOver) ? { pid: Number(takeOver) } : { pidFile: takeOver };
  return { ok: true, value: { from, signal: signal.value } };
}
