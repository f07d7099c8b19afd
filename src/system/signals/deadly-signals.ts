/** Signals that end a command at once, which may have something to do before. */
import { addon } from '../engine/addon.js';
import { signals } from '../engine/platform.js';

const deadly = [signals.names.SIGINT, signals.names.SIGTERM, signals.names.SIGHUP, signals.names.SIGQUIT];

/**
 * Has `act` called for the first of them that comes, when they end the process again as they would have without us; what
 * the caller has blocked or ignored stays that. Gives back what takes the handlers away.
 */
export function beforeDeath(act: (signal: number) => void): () => void {
  const { ignored = [], blocked = [] } = addon.launched() ?? {};
  const handled = deadly.filter((signal) => !ignored.includes(signal) && !blocked.includes(signal));
  const plan = { handled: [], ignored: [], standard: [], blocked };
  const leave = (): void => {
    addon.setSignals({ ...plan, standard: handled }, () => undefined);
  };
  addon.setSignals({ ...plan, handled }, ([first]) => {
    if (first === undefined) return;
    leave();
    act(first);
  });
  return leave;
}
