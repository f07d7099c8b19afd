import { standingOrder } from '../../../src/core/loop/standing-order.js';
import type { State } from '../../../src/core/loop/state.js';
import { step } from '../../../src/core/loop/step.js';
import type { Action, Event, Settings } from '../../../src/core/loop/types.js';

/** Which promise about what is decided ahead is broken in this state, if any: it is nothing but what `step` will ask for. */
export function brokenOrder(state: State, settings: Settings, now: number): string | undefined {
  const order = standingOrder(state, settings);
  if (order === undefined) return undefined;
  const { generation, atDeathOf } = order;
  const answered: Event[] = [{ type: 'signal', signal: 'HUP', now }];
  if (atDeathOf !== undefined) answered.push({ type: 'died', pid: atDeathOf, status: 0, now });
  for (const event of answered) {
    const { actions } = step(state, event, settings);
    const spawns = actions.filter(({ type }) => type === 'spawn');
    if (spawns.length !== 1 || !isOf(spawns[0], generation)) return 'what is forked ahead is what is asked for';
    if (actions.some(({ type }) => endsIt.includes(type))) return 'nothing that is forked ahead is given up at once';
  }
  for (const signal of ['TERM', 'INT', 'QUIT'] as const) {
    const stopped = step(state, { type: 'signal', signal, now }, settings).state;
    if (standingOrder(stopped, settings) !== undefined) return 'a stop signal withdraws what was decided ahead';
  }
  return undefined;
}

const endsIt: readonly Action['type'][] = ['adopt', 'drop', 'exit', 'upgrade'];

function isOf(action: Action | undefined, generation: number): boolean {
  return action?.type === 'spawn' && action.generation === generation && action.candidate !== true;
}
