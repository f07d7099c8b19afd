/** Long looks at other processes, which are made of many short steps. */
import { idle } from './process.js';

/** So many steps are made before others have their turn: some milliseconds. */
const stepsOfTurn = 64;

/** All at once. */
export function atOnce<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** With whatever else is to be done in between, such as a signal to be acted on. */
export async function inTurns<T>(steps: Generator<undefined, T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (count % stepsOfTurn === 0) await idle(0);
  }
}
