import { isBeingCancelled, obstacleToCancel, workersBefore } from '../../../src/core/loop/cancel.js';
import type { Step } from '../../../src/core/loop/decision.js';
import type { State } from '../../../src/core/loop/state.js';

/** The promises that the answer to a cancel breaks. */
export function brokenByCancel(before: State, { state, actions }: Step): string[] {
  const former = workersBefore(before).map(({ pid }) => pid);
  const signalled = actions.flatMap((action) => (action.type === 'kill' ? [action.pid] : []));
  const isRefused = obstacleToCancel(before) !== undefined;
  const hasChanged = state !== before;
  const wasCancelled = isBeingCancelled(before);
  const goesOn = ['waiting', 'delaying'].includes(state.phase.name) && former.length > 0;
  const promises: readonly (readonly [isKept: boolean, promise: string])[] = [
    [!signalled.some((pid) => former.includes(pid)), 'who served before serves on when a restart is cancelled'],
    [!isRefused || !hasChanged, 'a cancel that is refused changes nothing'],
    [isRefused || hasChanged || wasCancelled, 'what can be cancelled is'],
    [isRefused || !state.restartQueued, 'no restart waits after it was cancelled'],
    [isRefused || !goesOn, 'no further start follows one that was cancelled'],
  ];
  return promises.flatMap(([isKept, promise]) => (isKept ? [] : [promise]));
}
