import { failures } from '../core/text/failures.js';
import { messages } from '../core/loop/messages.js';
import { StarterError } from '../core/text/starter-error.js';
import { ControlServer, type ControlParts } from '../system/control/control-server.js';
import { addressInUse } from '../system/engine/platform.js';
import { lookToRemove } from '../system/files/look-at-place.js';
import { lookForNewSocket } from '../system/sockets/look-for-socket.js';
import { obstacleAt, obstacleSeenAt, removeStaleSocket, type Obstacle } from '../system/sockets/socket-file.js';
import { attempt, refused } from './attempt.js';
import type { Say } from './say.js';
import { turnAt } from './path-turn.js';

/**
 * Opens the control socket. A stale one is replaced; throws a StarterError where something else stands in the way, or the
 * system refuses. Undefined when a stop signal came while another process had its turn at the path.
 */
export async function openControlServer(
  path: string,
  stopRequested: Promise<unknown>,
  say: Say,
  parts: ControlParts,
): Promise<ControlServer | undefined> {
  const turn = await turnAt(path, stopRequested);
  try {
    if (turn === undefined) return undefined;
    clearPath(path, obstacleAt(path), () => {
      say(messages.removingSocketFile(path));
      removeStaleSocket(path);
    });
    return await ControlServer.open(path, parts);
  } catch (error) {
    throw refused(error, (reason) => failures.cannotOpenControl(path, reason));
  } finally {
    turn?.release();
  }
}

/** Throws what `openControlServer` would throw, and opens nothing. */
export function lookAtControl(path: string): void {
  attempt(
    () => {
      clearPath(path, obstacleSeenAt(path), () => {
        lookToRemove(path);
      });
      lookForNewSocket(path);
    },
    (reason) => failures.cannotOpenControl(path, reason),
  );
}

/** Throws what the system refuses. */
function clearPath(path: string, obstacle: Obstacle, remove: () => void): void {
  switch (obstacle) {
    case 'none':
      return;
    case 'accepting socket':
      throw new StarterError({ message: failures.controlInUse(path), exitCode: addressInUse });
    case 'directory':
      throw new StarterError({ message: failures.controlIsDirectory(path), exitCode: addressInUse });
    case 'other file':
      throw new StarterError({ message: failures.controlOccupied(path), exitCode: addressInUse });
    case 'stale socket':
      remove();
  }
}
