/** What signals mean to a superdaemon, however they reach it. */
import type { StopSignal } from '../../core/loop/types.js';
import type { PosixKernel } from '../loop/posix-kernel.js';

/** What signals act on. */
export interface Signalled {
  readonly kernel: PosixKernel;
  reopenLog(): unknown;
}

/** A name without `SIG`, and what is done. */
export type Meaning = readonly [signal: string, act: () => void];

const stopSignals: readonly StopSignal[] = ['TERM', 'INT', 'QUIT'];

/** The signals by which an operator tells it something. */
export function commandSignals(signalled: Signalled): Meaning[] {
  const { kernel } = signalled;
  const stop = (signal: StopSignal) => () => {
    kernel.requestStop(signal);
  };
  return [
    ...stopSignals.map((signal) => [signal, stop(signal)] as const),
    ['HUP', () => kernel.requestRestart()],
    ['USR1', () => void signalled.reopenLog()],
  ];
}
