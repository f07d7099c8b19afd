import { failures } from '../core/text/failures.js';
import { StarterError } from '../core/text/starter-error.js';
import { PathLock } from '../system/files/path-lock.js';
import { addressInUse } from '../system/engine/platform.js';
import { wait } from '../system/processes/process.js';

/** Milliseconds between two looks. */
const pace = 10;

/** How many looks another process may take to open its socket; a file system that is far away is slow. */
const mostLooks = 500;

/** For how many looks another user's lock file is respected: it may be a start_server's, or there only to disturb us. */
const mostForForeign = 100;

/**
 * Waits for our turn to see what is at a path and to open a socket there. Undefined when a stop signal came meanwhile;
 * throws a StarterError when another process takes too long for its turn.
 */
export async function turnAt(path: string, stopRequested: Promise<unknown>): Promise<PathLock | undefined> {
  for (let looks = 0; ; looks += 1) {
    const turn = PathLock.tryTake(path);
    if (turn instanceof PathLock) return turn;
    if (turn === 'foreign' && looks >= mostForForeign) return PathLock.none(path);
    if (looks >= mostLooks) {
      throw new StarterError({ message: failures.pathBusy(path, PathLock.fileOf(path)), exitCode: addressInUse });
    }
    const isStopped = await Promise.race([wait(pace), stopRequested.then(() => true)]);
    if (isStopped === true) return undefined;
  }
}
