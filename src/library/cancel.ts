/** A restart that a program gives up. */
import type { WorkerName } from '../core/report/control-protocol.js';
import { StarterError } from '../core/text/starter-error.js';
import { exitCodes } from '../core/text/exit-codes.js';
import type { Asking, CancelRequests } from '../service/cancel-requests.js';

/** Gives the worker that serves on; rejects with a StarterError where there was nothing to cancel. */
export function cancelled(requests: CancelRequests<Asking>): Promise<WorkerName | undefined> {
  return new Promise((resolve, reject) => {
    requests.take({
      send: () => undefined,
      end: (answer) => {
        if ('ok' in answer && answer.ok) resolve('worker' in answer ? (answer.worker ?? undefined) : undefined);
        else reject(errorIn('error' in answer ? answer : { error: '' }));
      },
    });
  });
}

function errorIn({
  error,
  exitCode = exitCodes.usage.code,
}: {
  readonly error: string;
  readonly exitCode?: number;
}): StarterError {
  return new StarterError({ message: error, exitCode });
}
