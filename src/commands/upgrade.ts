/** `--upgrade`: has a running superdaemon become the version that is installed now, and waits until it has. */
import type { ControlCommand } from '../core/command-line/control-command.js';
import { imageInWords } from '../core/loop/messages.js';
import { controlMessages } from '../core/text/control-messages.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { StarterError } from '../core/text/starter-error.js';
import { TimeLimit } from '../system/loop/time-limit.js';
import { ControlClient } from './control-client.js';

type UpgradeCommand = Extract<ControlCommand, { type: 'upgrade' }>;

/** `write` gets a line with both versions. Throws a StarterError when it is refused, or when the time is over. */
export async function upgrade({ control, timeout }: UpgradeCommand, write: (text: string) => void): Promise<number> {
  const limit = new TimeLimit(timeout?.seconds);
  const client = await ControlClient.ask(control, { command: 'upgrade' });
  try {
    const answer = await client.next(limit);
    if (answer === undefined)
      throw new StarterError({
        message: controlMessages.upgradeTimedOut(timeout?.text ?? ''),
        exitCode: exitCodes.timeout.code,
      });
    if ('upgraded' in answer) {
      const { from, to } = answer.upgraded;
      write(`${imageInWords(from)} has become ${imageInWords(to)}\n`);
    }
    return exitCodes.success.code;
  } finally {
    client.close();
    limit.clear();
  }
}
