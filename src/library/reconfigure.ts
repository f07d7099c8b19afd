/** Other options for a server that runs. */
import { chooseCommand } from '../core/command-line/command.js';
import type { ToldWorker } from '../core/loop/types.js';
import { controlMessages } from '../core/text/control-messages.js';
import { StarterError } from '../core/text/starter-error.js';
import { declined, type Asker, type Reconfiguration } from '../service/reconfiguration.js';
import { commandSystem } from '../system/engine/platform.js';
import { readOptions, type ServerOptions } from './options.js';

/** The environment and the signals stay as they are. */
export interface ReconfigureOptions extends Omit<ServerOptions, 'env' | 'handleSignals' | 'signal'> {
  /** When it is aborted before the new options are in force, nothing changes, and the promise rejects with its reason. */
  readonly signal?: AbortSignal;
}

const fixed = ['env', 'handleSignals'];

/** Fulfilled when the worker of the new options serves alone; rejects with a TypeError or a StarterError. */
export async function reconfigured(
  reconfiguration: Reconfiguration,
  { signal, ...options }: ReconfigureOptions,
): Promise<ToldWorker> {
  const given = Object.keys(options).find((name) => fixed.includes(name));
  if (given !== undefined) throw new TypeError(`option ${given} cannot change while the server runs; leave it out`);
  const command = chooseCommand(readOptions(options), commandSystem);
  if (!command.ok) throw new StarterError(command.error);
  const start = command.value;
  if (start.type !== 'start') throw new TypeError('reconfigure only starts');
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      signal?.removeEventListener('abort', abort);
      settle();
    };
    const asker: Asker = {
      adopted: () => undefined,
      failedStart: () => undefined,
      done: (worker) => {
        end(() => {
          resolve(worker);
        });
      },
      failed: ({ error }) => {
        end(() => {
          reject(signal?.aborted === true ? (signal.reason as Error) : error);
        });
      },
    };
    const abort = (): void => {
      reconfiguration.withdraw(asker, declined('unchanged', controlMessages.withdrawn()));
    };
    signal?.addEventListener('abort', abort);
    reconfiguration.ask(start, asker);
  });
}
