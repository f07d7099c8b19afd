import { StarterError } from '../core/starter-error.js';
import { addon } from '../system/addon.js';
import { isSystemError } from '../system/system-error.js';

/** Turns what the system refuses into a StarterError: `say` gets the reason, the stage that failed and the code. */
export function attempt<T>(action: () => T, say: (reason: string, stage: string, code: string) => string): T {
  try {
    return action();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const message = say(addon.strerror(error.errno), error.syscall, error.code);
    throw new StarterError({ message, exitCode: Math.abs(error.errno) }, error);
  }
}
