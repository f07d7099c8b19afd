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
  try {
    if ((await client.next(limit)) !== undefined) return exitCodes.success.code;
    throw new StarterError({
      message: controlMessages.cancelTimedOut(timeout?.text ?? ''),
      exitCode: exitCodes.timeout.code,
    });
  } finally {
    client.close();
    limit.clear();
  }
}
