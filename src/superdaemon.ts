import { deadlineOf, initialState } from './core/state.js';
import { step } from './core/step.js';
import type { Action } from './core/types.js';
import type { Kernel } from './system/kernel.js';

/** Runs until it is told to stop and the last worker is gone. Gives the exit code. */
export async function superdaemon(kernel: Kernel): Promise<number> {
  let state = initialState(kernel.now());
  for (;;) {
    const event = await kernel.nextEvent(deadlineOf(state, kernel.settings()));
    const decision = step(state, event, kernel.settings());
    state = decision.state;
    for (const action of decision.actions) {
      if (action.type === 'exit') return action.code;
      perform(kernel, action);
    }
  }
}

function perform(kernel: Kernel, action: Exclude<Action, { type: 'exit' }>): void {
  switch (action.type) {
    case 'log':
      kernel.log(action.line);
      return;
    case 'spawn':
      kernel.spawn(action.generation);
      return;
    case 'kill':
      kernel.kill(action.pid, action.signal);
      return;
    case 'write status':
      kernel.writeStatus(action.workers);
      return;
  }
}
