import { failures } from '../core/failures.js';
import { messages } from '../core/messages.js';
import { StarterError } from '../core/starter-error.js';
import { ControlServer, type ControlParts } from '../system/control-server.js';
import { addressInUse } from '../system/platform.js';
import { obstacleAt, removeStaleSocket } from '../system/socket-file.js';
import { attempt, refused } from './attempt.js';

/** Opens the control socket. A stale one is replaced; what else stands in the way, or is refused, is a StarterError. */
export async function openControlServer(
  path: string,
  say: (line: string) => void,
  parts: ControlParts,
): Promise<ControlServer> {
  const why = (reason: string) => failures.cannotOpenControl(path, reason);
  switch (attempt(() => obstacleAt(path), why)) {
    case 'none':
      break;
    case 'accepting socket':
      throw new StarterError({ message: failures.controlInUse(path), exitCode: addressInUse });
    case 'directory':
      throw new StarterError({ message: failures.controlIsDirectory(path), exitCode: addressInUse });
    case 'other file':
      throw new StarterError({ message: failures.controlOccupied(path), exitCode: addressInUse });
    case 'stale socket':
      say(messages.removingSocketFile(path));
      attempt(() => {
        removeStaleSocket(path);
      }, why);
  }
  try {
    return await ControlServer.open(path, parts);
  } catch (error) {
    throw refused(error, why);
  }
}
