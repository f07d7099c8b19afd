/** What signals mean to a superdaemon, however they reach it. */
import type { StopSignal } from '../../core/loop/types.js';
import type { Inbox } from '../loop/inbox.js';

/** A name without `SIG`, and what is done. */
export type Meaning = readonly [signal: string, act: () => void];

const stopSignals: readonly StopSignal[] = ['TERM', 'INT', 'QUIT'];

/** The signals by which an operator tells a superdaemon something. */
export function commandSignals(inbox: Inbox): Meaning[] {
  const stop = (signal: StopSignal) => () => {
    inbox.requestStop(signal);
  };
  return [
    ...stopSignals.map((signal) => [signal, stop(signal)] as const),
    ['HUP', () => inbox.requestRestart()],
    ['USR1', () => inbox.requestReopening()],
  ];
}
