import { isTried } from './candidate.js';
import { isEnding, type State } from './state.js';
import type { Worker } from './types.js';

/** Whether this worker was told to end on probation, because nobody wants it any more: it has not failed. */
export function isUnwanted(state: State, worker: Worker): boolean {
  const { phase, candidate } = state;
  const isOnProbation = phase.name === 'starting' && phase.worker === worker && isEnding(state, worker.pid);
  if (!isOnProbation) return false;
  return phase.isCancelled === true || (isTried(state, worker.generation) && candidate?.trial?.isWithdrawn === true);
}
