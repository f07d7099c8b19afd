/** `--reconfigure`: has a running superdaemon take this command line for its own, and waits until it has, or has not. */
import type { ReconfigureCommand } from '../core/command-line/control-command.js';
import { changeTable } from '../core/report/change-table.js';
import type { ReconfigureRequest } from '../core/report/control-protocol.js';
import { controlMessages } from '../core/text/control-messages.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { StarterError } from '../core/text/starter-error.js';
import { wordOf } from '../system/control/word.js';
import { ownDirectory } from '../system/engine/directory.js';
import { TimeLimit } from '../system/loop/time-limit.js';
import { printable } from '../system/output/printable.js';
import { ControlClient } from './control-client.js';
import { FailureTeller } from './failure-teller.js';
import type { Voices } from './while-shown.js';

/** Seconds for the answer after the time is over, which the superdaemon itself looks at. */
const grace = 2;

/**
 * Gives the exit code when the new command line is in force and its worker alone. What is wrong with it, and that it was not
 * adopted, is a StarterError. `words` are those of the whole command line, as byte strings.
 */
export async function reconfigure(
  { control, timeout, check }: ReconfigureCommand,
  words: readonly string[],
  { say, print }: Voices,
): Promise<number> {
  const client = await ControlClient.ask(control, {
    command: 'reconfigure',
    words: words.map(wordOf),
    directory: wordOf(ownDirectory()),
    check,
    ...(timeout && { timeout: timeout.seconds }),
  } satisfies ReconfigureRequest);
  const limit = new TimeLimit(timeout && timeout.seconds + grace);
  try {
    await outcome(client, limit, timeout?.text ?? '', say, print);
    return exitCodes.success.code;
  } finally {
    limit.clear();
    client.close();
  }
}

async function outcome(
  client: ControlClient,
  limit: TimeLimit,
  seconds: string,
  say: Voices['say'],
  print: Voices['print'],
): Promise<void> {
  const failures = new FailureTeller(say);
  let isInForce = false;
  try {
    for (;;) {
      const answer = await client.next(limit);
      if (answer === undefined) throw timedOut(seconds, isInForce);
      if ('changes' in answer) print(changeTable(answer.changes).split('\n').map(printable).join('\n'));
      if (!('progress' in answer)) return;
      isInForce ||= answer.progress === 'in force';
      if (answer.progress === 'failed start') failures.tell(answer.failure);
      if (answer.progress === 'withdrawn') limit.clear(); // its worker is told to end, and everything is as it was then
    }
  } finally {
    failures.finish();
  }
}

function timedOut(seconds: string, isInForce: boolean): StarterError {
  const say = isInForce ? controlMessages.oldWorkersLeft : controlMessages.reconfigureUnanswered;
  return new StarterError({ message: say(seconds), exitCode: exitCodes.timeout.code });
}
