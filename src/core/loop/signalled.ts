/** What follows from a signal to the superdaemon. */
import { exitCodes } from '../text/exit-codes.js';
import { act, saying, stay, type Step } from './decision.js';
import { bySignal, onTerm } from './ending.js';
import { messages } from './messages.js';
import { isRunEnding, liveWorkers, type State } from './state.js';
import { endAll } from './stopping.js';
import type { Settings, Signal, StopSignal } from './types.js';

const term: Signal = { name: 'TERM', number: 15 };

export function signalled(state: State, signal: StopSignal | 'HUP' | 'USR2', now: number, settings: Settings): Step {
  switch (signal) {
    case 'HUP':
      return queueRestart(state);
    case 'USR2':
      return isStopping(state) ? stay(state) : act(state, { type: 'upgrade' });
    default:
      return stop(state, signal, now, settings);
  }
}

/** The first stop signal counts; one that comes during a fork does so when that is done. */
function isStopping(state: State): boolean {
  return state.phase.name === 'spawning' ? state.phase.stop !== undefined : isRunEnding(state);
}

/** HUPs that arrive during a restart are folded into one further restart after it. */
function queueRestart(state: State): Step {
  return stay(isStopping(state) ? state : { ...state, restartQueued: true });
}

/** All workers are told to end, or will be when the fork that is under way is done. */
export function stop(state: State, received: StopSignal, now: number, settings: Settings): Step {
  const { phase } = state;
  if (isStopping(state)) return stay(state);
  if (phase.name === 'spawning') return stay({ ...state, phase: { ...phase, stop: received } });
  const signalOf = received === 'TERM' ? onTerm : () => term;
  const lines = bySignal(liveWorkers(state), signalOf, settings).map(({ signal, workers }) =>
    saying(messages.stopping(received, signal, workers)),
  );
  return endAll(state, signalOf, exitCodes.success.code, now, ...lines);
}
