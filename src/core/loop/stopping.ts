/** The end of a run: every worker is told to end, and the last one takes the superdaemon along. */
import { giveUpCandidate } from './candidate.js';
import { act, inTurn, saying, stay, type Part, type Step } from './decision.js';
import { tellToEnd, type SignalOf } from './ending.js';
import { messages } from './messages.js';
import { liveWorkers, type State } from './state.js';

/**
 * From here on all live workers are old, and nothing is spawned; `code` is what the superdaemon will exit with. `lines` are
 * said when the workers know: the end waits for them, and they need not wait for the log.
 */
export function endAll(state: State, signalOf: SignalOf, code: number, now: number, ...lines: readonly Part[]): Step {
  const workers = liveWorkers(state);
  const stopping: State = { ...state, phase: { name: 'stopping', code }, current: undefined, old: workers };
  return inTurn(
    stopping,
    (next) => tellToEnd(next, workers, signalOf, now),
    ...lines,
    giveUpCandidate,
    (next) => endWhenAlone(next, code),
  );
}

/** Exits once no worker is left. */
export function endWhenAlone(state: State, code: number): Step {
  if (state.old.length > 0) return stay(state);
  return inTurn(state, saying(messages.exiting()), (next) =>
    act({ ...next, phase: { name: 'stopped' } }, { type: 'exit', code }),
  );
}
