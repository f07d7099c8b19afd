/**
 * Processes that an ended worker leaves behind: --restart and --stop tell of them at their end, and succeed all the
 * same.
 */
import { controlMessages } from '../core/text/control-messages.js';
import { StarterError } from '../core/text/starter-error.js';
import { wait } from '../system/processes/process.js';
import { FormerHolders } from '../system/sockets/former-holders.js';
import { statusOf } from './show-status.js';

/** How often, and how many milliseconds apart, we look whether they end by themselves. */
const looks = 20;
const pace = 50;

/** The former workers of a superdaemon that is reached by its control socket; undefined where they cannot be seen. */
export async function formerWorkersAt(control: string): Promise<FormerHolders | undefined> {
  try {
    const { pid } = await statusOf({ control, files: undefined, timeout: { text: '1', seconds: 1 } });
    const former = new FormerHolders(pid);
    return former.listensAt(control) ? former : undefined;
  } catch (error) {
    if (error instanceof StarterError) return undefined;
    throw error;
  }
}

export async function tellLeft(former: FormerHolders | undefined, say: (line: string) => void): Promise<void> {
  if (former === undefined) return;
  for (let look = 1; former.left.length > 0; look += 1) {
    if (look < looks) await wait(pace);
    else {
      say(controlMessages.workersOutlive(former.left));
      return;
    }
  }
}
