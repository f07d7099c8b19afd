/** `--cancel`: has a restart given up that is under way, and waits until everything is as it was. */
import type { ControlCommand } from '../core/command-line/control-command.js';
import { controlMessages } from '../core/text/control-messages.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { StarterError } from '../core/text/starter-error.js';
import { TimeLimit } from '../system/loop/time-limit.js';
import { ControlClient } from './control-client.js';

type CancelCommand = Extract<ControlCommand, { type: 'cancel' }>;

/** Throws a StarterError where there is nothing to cancel, and when the time is over. */
export async function cancel({ control, timeout }: CancelCommand): Promise<number> {
  const limit = new TimeLimit(timeout?.seconds);
  const client = await ControlClient.ask(control, { command: 'cancel' });
  let isCancelled = false;
  try {
    for (;;) {
      const answer = await client.next(limit);
      if (answer === undefined) throw timedOut(timeout?.text ?? '', isCancelled);
      if (!('progress' in answer)) return exitCodes.success.code;
      isCancelled ||= answer.progress === 'cancelling';
    }
  } finally {
    client.close();
    limit.clear();
  }
}

function timedOut(seconds: string, isCancelled: boolean): StarterError {
  const say = isCancelled ? controlMessages.cancelTimedOut : controlMessages.cancelUnanswered;
  return new StarterError({ message: say(seconds), exitCode: exitCodes.timeout.code });
}
