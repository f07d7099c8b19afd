import { deadlineOf, initialState, type State } from '../core/loop/state.js';
import { standingOrder } from '../core/loop/standing-order.js';
import { step, type Step } from '../core/loop/step.js';
import type { Action, Event } from '../core/loop/types.js';
import type { Kernel } from './kernel.js';

/** Is told of every decision when it has been carried out. */
export type Observer = (before: State, event: Event, decision: Step) => void;

/** Runs from `begin` on until it is told to stop and the last worker is gone. Gives the exit code. */
export async function superdaemon(
  kernel: Kernel,
  observe: Observer = () => undefined,
  begin: State = initialState(kernel.now()),
): Promise<number> {
  let state = begin;
  for (;;) {
    const settings = kernel.settings();
    const event = await kernel.nextEvent(deadlineOf(state, settings), standingOrder(state, settings));
    const decision = step(state, event, kernel.settings());
    const code = perform(kernel, decision.actions);
    observe(state, event, decision);
    if (code !== undefined) return code;
    state = decision.state;
  }
}

/** Gives the exit code if the run has ended. */
function perform(kernel: Kernel, actions: readonly Action[]): number | undefined {
  for (const action of actions) {
    if (action.type === 'exit') return action.code;
    performOne(kernel, action);
  }
  return undefined;
}

function performOne(kernel: Kernel, action: Exclude<Action, { type: 'exit' }>): void {
  switch (action.type) {
    case 'log':
      kernel.log(action.line, action.priority);
      return;
    case 'spawn':
      kernel.spawn(action.generation, action.candidate === true);
      return;
    case 'kill':
      kernel.kill(action.pid, action.signal, action.group);
      return;
    case 'adopt':
      kernel.adopt();
      return;
    case 'drop':
      kernel.drop();
      return;
    case 'write status':
      kernel.writeStatus(action.workers);
      return;
    case 'upgrade':
      kernel.upgrade();
      return;
  }
}
